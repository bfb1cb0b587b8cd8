import { COMMON_FLAGS } from './common-flags.ts';
import { EVENT_FLAGS } from './event-flags.ts';
import type { Flag } from './flags.ts';
import { INPUT_FLAGS } from './input-flags.ts';
import { POSTURE_FLAGS } from './posture-flags.ts';

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
    name: 'web.config.file',
    type: 'text',
    value: 'FILE',
    help: 'TLS, client certificates and passwords: a web configuration file of the Prometheus exporter-toolkit.',
  },
  {
    name: 'web.max-requests',
    type: 'text',
    default: '40',
    value: 'N',
    help: 'Scrapes served at once; more get 503. 0 is no limit.',
  },
  ...INPUT_FLAGS,
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
  ...EVENT_FLAGS,
  {
    name: 'collector.sysctl',
    type: 'switch',
    default: true,
    help: 'Read accept_source_route (or what the policy names) at each scrape.',
  },
  {
    name: 'collector.observability',
    type: 'switch',
    default: true,
    help: 'Tell at each scrape whether the kernel would print the events at all (dynamic debug, log_martians).',
  },
  ...POSTURE_FLAGS,
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
  ...COMMON_FLAGS,
] as const satisfies readonly Flag[];
