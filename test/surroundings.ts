/**
 * What a test and the programs it starts may know of the caller's environment: where things are, the zone, the locale, a false
 * clock, what the runner itself needs. Anything else could change what they do: STATE_DIRECTORY and NO_COLOR the exporter,
 * NODE_OPTIONS every Node.js, https_proxy curl, BASH_ENV a shell.
 */
const KEPT = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TMPDIR|TZ|LANG|LC_\w+|NODE_EXTRA_CA_CERTS|SRCROUTE_\w+)$/,
  /^(LD_\w+|(\w+_)?FAKETIME\w*|FAKE_\w+|DONT_FAKE_\w+)$/,
  /^(npm_config_\w+|VITEST\w*|NODE_ENV|TEST|DEV|PROD|MODE|BASE_URL|SSR)$/,
];

for (const name of Object.keys(process.env)) {
  if (!KEPT.some((kept) => kept.test(name))) delete process.env[name];
}
