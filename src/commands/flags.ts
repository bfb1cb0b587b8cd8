import { parseArgs } from 'node:util';

/** Wrong usage or configuration: one line that names the flag, or the file and line. The process ends with 2. */
export class UsageError extends Error {}

/** A flag of the program: a row of the table. */
export interface Flag {
  readonly name: string;
  readonly type: 'text' | 'list' | 'switch';
  readonly default?: string | boolean | readonly string[];
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** The flags of `serve`, in the order of the help. */
export const SERVE_FLAGS = [
  {
    name: 'web.listen-address',
    type: 'list',
    default: [':10131'],
    value: 'ADDRESS',
    help: 'Address to serve on: host:port, [::1]:port or :port. Port 0 picks one and logs it. Repeatable.',
  },
  {
    name: 'web.telemetry-path',
    type: 'text',
    default: '/metrics',
    value: 'PATH',
    help: 'Path under which the metrics are served.',
  },
  {
    name: 'web.max-requests',
    type: 'text',
    default: '40',
    value: 'N',
    help: 'Scrapes served at once; more get 503. 0 is no limit.',
  },
  {
    name: 'input.kmsg',
    type: 'text',
    default: '/dev/kmsg',
    value: 'PATH',
    help: 'The kernel log device, or a capture or a FIFO in the same form.',
  },
  {
    name: 'input.file',
    type: 'list',
    default: [],
    value: 'PATH',
    help: 'Follow this syslog file instead of the device; globs are expanded, also later. Repeatable.',
  },
  {
    name: 'input.from',
    type: 'text',
    default: 'end',
    value: 'end|start',
    help: 'Where to begin in a log that is there already. A file that appears later is read from its start.',
  },
  {
    name: 'state.file',
    type: 'text',
    value: 'FILE',
    help: 'Counters and positions that survive a restart. Default: state.json in $STATE_DIRECTORY if that is set, else none.',
  },
  {
    name: 'state.interval',
    type: 'text',
    default: '5s',
    value: 'DURATION',
    help: 'How often the state is saved if it has changed: 500ms, 5s, 10m, 1h.',
  },
  {
    name: 'netfilter.log-prefix',
    type: 'list',
    default: ['SRC ROUTE ATTEMPT: '],
    value: 'TEXT',
    help: 'Netfilter LOG lines that begin with this count as source_route_attempt. Repeatable.',
  },
  {
    name: 'sources.max',
    type: 'text',
    default: '100',
    value: 'N',
    help: 'Addresses with a series of their own, per event, and as many subnets; the rest is "other". 1 to 10000.',
  },
  {
    name: 'sources.known',
    type: 'list',
    default: [],
    value: 'CIDR=NAME',
    help: 'Expected senders (the weekly scanner): counted as origin="known". Repeatable.',
  },
  {
    name: 'sources.expire-after',
    type: 'text',
    default: '24h',
    value: 'DURATION',
    help: 'An address that is silent for so long gives its place back.',
  },
  {
    name: 'sources.ipv4-subnet',
    type: 'text',
    default: '24',
    value: 'BITS',
    help: 'Prefix length of the IPv4 subnets in srcroute_subnet_events_total.',
  },
  {
    name: 'sources.ipv6-subnet',
    type: 'text',
    default: '64',
    value: 'BITS',
    help: 'Prefix length of the IPv6 subnets in srcroute_subnet_events_total.',
  },
  {
    name: 'path.procfs',
    type: 'text',
    default: '/proc',
    value: 'PATH',
    help: 'Where procfs is mounted: sysctls and own addresses are read there.',
  },
  {
    name: 'path.sysfs',
    type: 'text',
    default: '/sys',
    value: 'PATH',
    help: 'Where sysfs is mounted: it tells physical interfaces from virtual ones.',
  },
  {
    name: 'collector.sysctl',
    type: 'switch',
    default: true,
    help: 'Read accept_source_route (or what the policy names) at each scrape.',
  },
  {
    name: 'sysctl.policy',
    type: 'text',
    value: 'FILE',
    help: 'YAML file of the sysctls to read and the values they must have. Built in: accept_source_route must be 0 for IPv4 and at most 0 for IPv6.',
  },
  {
    name: 'sysctl.interface-include',
    type: 'text',
    value: 'REGEX',
    help: 'Look only at interfaces whose name matches (not anchored).',
  },
  {
    name: 'sysctl.interface-exclude',
    type: 'text',
    value: 'REGEX',
    help: 'Do not look at interfaces whose name matches (not anchored).',
  },
  {
    name: 'sysctl.interfaces-max',
    type: 'text',
    default: '64',
    value: 'N',
    help: 'Interfaces with rows of their own, all and default among them; every one is counted in srcroute_sysctl_interfaces.',
  },
  {
    name: 'log.events',
    type: 'switch',
    default: false,
    help: 'Log one line per event with the raw record, at most 10 a second; the rest is counted.',
  },
  {
    name: 'config.check',
    type: 'switch',
    default: false,
    help: 'Check flags and files, say what is wrong, and exit with 0 or 2.',
  },
  {
    name: 'log.level',
    type: 'text',
    default: 'info',
    value: 'LEVEL',
    help: 'Least severe messages to log: debug, info, warn or error.',
  },
  { name: 'log.format', type: 'text', default: 'logfmt', value: 'FORMAT', help: 'Form of log lines: logfmt or json.' },
  { name: 'version', type: 'switch', default: false, help: 'Show the version and exit.' },
  { name: 'help', type: 'switch', default: false, help: 'Show this help and exit.' },
] as const satisfies readonly Flag[];

type Row = (typeof SERVE_FLAGS)[number];
type ValueOf<F extends Row> = F['type'] extends 'list'
  ? readonly string[]
  : F['type'] extends 'switch'
    ? boolean
    : F extends { default: string }
      ? string
      : string | undefined;

/** Values by name, defaults filled in. */
export type FlagValues = { readonly [F in Row as F['name']]: ValueOf<F> };

/**
 * Takes the arguments after the program's name; gives the flags' values. `--name=value`, `--name value`, `--no-name` for switches;
 * `serve` may stand first. Throws UsageError for what is not in the table.
 */
export function parseFlags(argv: readonly string[]): FlagValues {
  const flags: readonly Flag[] = SERVE_FLAGS;
  const { values, positionals } = parse(argv, flags);
  const [command = 'serve', ...rest] = positionals;
  if (command !== 'serve')
    throw new UsageError(`Unknown command "${command}": expected serve, or flags alone; see --help`);
  if (rest.length > 0) throw new UsageError(`Unexpected argument "${rest[0]}": serve takes flags only; see --help`);
  return Object.fromEntries(flags.map((flag) => [flag.name, values[flag.name] ?? flag.default])) as FlagValues;
}

function parse(argv: readonly string[], flags: readonly Flag[]) {
  const options = Object.fromEntries(
    flags.map(({ name, type }) => [
      name,
      {
        type: type === 'switch' ? ('boolean' as const) : ('string' as const),
        multiple: type === 'list',
        ...(name === 'help' && { short: 'h' }),
      },
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, allowNegative: true, strict: true });
  } catch (error) {
    throw new UsageError(oneLine(error as Error));
  }
}

/** parseArgs explains positional arguments at length after the first sentence. */
function oneLine(error: Error): string {
  const [first = ''] = error.message.split(/\. |\n/);
  return `${first.replace(/\.$/, '').replace(/'(-[^' ]*)(?: <value>)?'/, '$1')}; see --help`;
}
