import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { MAIN } from './exporter.mjs';
import { writeKernelLog } from './kernel-log.mjs';
import { residentMb } from './process-usage.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';

const ROUNDS = 5;
/** mtail takes half a minute for what others do in one second. */
const SLOW_ROUNDS = 1;
const POLL_MS = 10;
const PATTERN = 'no reply to icmp error|Source Route Failed|source route option|SRC ROUTE ATTEMPT: ';
const WANTED =
  'no reply to icmp error \\[[^ ]*|icmp: [0-9.]*: Source Route Failed|source route option [^ ]*|SRC ROUTE ATTEMPT: .* SRC=[^ ]*';
/** Counts by event and source what grep cut out. */
const AWK = `/^no reply/ { c["n " $6]++; next } /Failed$/ { c["f " $2]++; next } /^source/ { c["o " $4]++; next }
{ sub(/.* SRC=/, ""); c["a " $0]++ } END { for (k in c) print c[k], k }`;
/** The same counting. */
const MTAIL = `counter events by event, source_ip
/icmpv?6_send: no reply to icmp error \\[(?P<source>\\S+) > \\S+\\]/ {
  events["icmpv6_no_reply"][$source]++
}
/(?:icmp|ICMP): (?P<source>\\d+\\.\\d+\\.\\d+\\.\\d+): Source Route Failed/ {
  events["source_route_failed"][$source]++
}
/source route option (?P<source>\\S+) -> \\S+/ {
  events["source_route_option"][$source]++
}
/SRC ROUTE ATTEMPT: .*? SRC=(?P<source>\\S+)/ {
  events["source_route_attempt"][$source]++
}
`;

/** What others do: a row of the table. A shell runs it with the file as \$1; its output goes into a pipe. */
const PEERS = {
  grep: { needs: ['grep'], script: `grep -c -E '${PATTERN}' "$1"`, isSlow: false },
  ripgrep: { needs: ['rg'], script: `rg -c '${PATTERN}' "$1"`, isSlow: false },
  'grep -o | awk': { needs: ['grep', 'awk'], script: `grep -o -E '${WANTED}' "$1" | awk '${AWK}'`, isSlow: false },
  mtail: {
    needs: ['mtail'],
    script: 'mtail --one_shot --progs "$(dirname "$1")/count.mtail" --logs "$1"',
    isSlow: true,
  },
  'zcat | wc -l': { needs: ['zcat'], script: 'zcat "$1" | wc -l', isSlow: false },
};

/** @typedef {keyof typeof PEERS} Peer */

/** A gigabyte of log that is scanned, side by side with what else could count it. */
export async function* scan() {
  const directory = temporaryDirectory();
  try {
    writeFileSync(`${directory.path}/count.mtail`, MTAIL);
    const sparse = `${directory.path}/sparse.log`;
    const dense = `${directory.path}/dense.log`;
    const { bytes } = writeKernelLog(sparse, { seed: 1, bytes: 1e9, eventEvery: 100, hosts: 1000 });
    writeKernelLog(dense, { seed: 7, bytes: 200e6, eventEvery: 1, hosts: 50_000 });
    yield await compare(`${Math.round(bytes / 1e6)} MB, 1 % of the lines events`, sparse, {
      grep: 1,
      ripgrep: undefined,
      'grep -o | awk': undefined,
      mtail: 1 / 25,
    });
    yield await compare('200 MB of nothing but events, 50,000 hosts', dense, {
      grep: undefined,
      ripgrep: undefined,
      'grep -o | awk': 1,
      mtail: 1 / 10,
    });
    spawnSync('gzip', ['-1', '-k', sparse]);
    yield await compare('the first, compressed with gzip', `${sparse}.gz`, { 'zcat | wc -l': 1 / 0.8 });
  } finally {
    directory.remove();
  }
}

/**
 * Runs everybody in turns, so that a slow moment of the machine meets all of them; the best of each counts.
 * @param {string} title @param {string} path @param {Partial<Record<Peer, number | undefined>>} bounds by peer: how much of its time ours may take
 */
async function compare(title, path, bounds) {
  const names = /** @type {Peer[]} */ (Object.keys(bounds));
  const present = names.filter((name) => PEERS[name].needs.every(isOnPath));
  const missing = names.filter((name) => !present.includes(name));
  const ours = { seconds: Number.POSITIVE_INFINITY, peakMb: 0 };
  /** @type {Partial<Record<Peer, number>>} */
  const theirs = {};
  for (let round = 0; round < ROUNDS; round++) {
    const run = await timed(process.execPath, [MAIN, 'scan', path]);
    ours.seconds = Math.min(ours.seconds, run.seconds);
    ours.peakMb = Math.max(ours.peakMb, run.peakMb);
    for (const name of present) {
      const { script, isSlow } = PEERS[name];
      if (isSlow && round >= SLOW_ROUNDS) continue;
      const { seconds } = await timed('sh', ['-c', script, 'sh', path]);
      theirs[name] = Math.min(theirs[name] ?? Number.POSITIVE_INFINITY, seconds);
    }
  }
  return {
    title: `${title}, best of ${ROUNDS}${missing.length > 0 ? `; SKIPPED, missing: ${missing.join(', ')}` : ''}`,
    peer: 'the one that is named',
    rows: [
      ...present.map((name) => row(`time, beside ${name}`, ours.seconds, 's', { peer: theirs[name] })),
      ...present.flatMap((name) =>
        bounds[name] === undefined
          ? []
          : [row(`part of the time of ${name}`, ours.seconds / (theirs[name] ?? 0), '', { atMost: bounds[name] })],
      ),
      row('memory, most', ours.peakMb, 'MB', { atMost: 100 }),
    ],
  };
}

/**
 * Runs a command with its output into a pipe: grep stops at the first match when it writes to /dev/null.
 * @param {string} command @param {readonly string[]} args
 */
async function timed(command, args) {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let peakMb = 0;
  const timer = setInterval(() => {
    try {
      peakMb = Math.max(peakMb, residentMb(child.pid ?? 0).peak || 0);
    } catch {
      // It has ended.
    }
  }, POLL_MS);
  child.stdout.resume();
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, peakMb };
}

/** @param {string} command */
function isOnPath(command) {
  return (process.env.PATH ?? '').split(':').some((directory) => existsSync(`${directory}/${command}`));
}
