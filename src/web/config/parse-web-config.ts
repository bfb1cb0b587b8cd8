import { oneOf } from '../../yaml/read-place.ts';
import { type Place, parseYaml } from '../../yaml/yaml-place.ts';
import { parseGoDuration } from './parse-go-duration.ts';
import { parseTls, type TlsSection } from './parse-tls.ts';
import { readBoolean, readSection, readText } from './read-place.ts';
import type { RateLimit, WebConfig } from './web-config.ts';

/** A web configuration as it is written: the certificates it names are not read yet. */
export interface ParsedWebConfig extends Omit<WebConfig, 'tls'> {
  readonly tls: TlsSection | undefined;
  /** The whole file, for complaints about what is not in it. */
  readonly document: Place;
}

const SECTIONS = ['tls_server_config', 'http_server_config', 'basic_auth_users', 'rate_limit'] as const;

/** The headers that may be configured, with the values each may have; undefined for any. */
const HEADERS = {
  'Strict-Transport-Security': undefined,
  'X-Content-Type-Options': ['nosniff'],
  'X-Frame-Options': ['deny', 'sameorigin'],
  'X-XSS-Protection': undefined,
  'Content-Security-Policy': undefined,
} as const satisfies Record<string, readonly string[] | undefined>;
const HEADER_NAMES = Object.keys(HEADERS) as (keyof typeof HEADERS)[];

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const MIN_COST = 4;
// Each step doubles the time: 18 takes about half a minute, which is as long as a response may take.
const MAX_COST = 18;

/**
 * Takes the text of a web configuration file and its name for messages, returns what it says. The format is that of the
 * Prometheus exporter-toolkit (docs/web-configuration.md there). Throws a SyntaxError with a one-line message
 * `<file>:<line>: …` at the first thing that is not as it should be; no message shows a key, a hash or a password.
 */
export function parseWebConfig(text: string, file: string): ParsedWebConfig {
  const document = parseYaml(text, file);
  const sections = readSection(document, 'web configuration', SECTIONS);
  const { tls_server_config: tls, http_server_config: http, basic_auth_users: users, rate_limit: rate } = sections;
  return {
    document,
    tls: tls && parseTls(tls),
    headers: http ? parseHttp(http) : new Map(),
    users: users ? parseUsers(users) : new Map(),
    rateLimit: rate && parseRateLimit(rate),
  };
}

/** Gives the headers. `http2` is read and has no effect: only HTTP/1.1 is served, which every client of HTTP/2 speaks as well. */
function parseHttp(place: Place): ReadonlyMap<string, string> {
  const { http2, headers } = readSection(place, 'http_server_config', ['http2', 'headers'] as const);
  if (http2) readBoolean(http2, 'http2');
  if (headers === undefined) return new Map();
  const fields = readSection(headers, 'headers', HEADER_NAMES);
  return new Map(
    HEADER_NAMES.flatMap((name) => {
      const value = fields[name] === undefined ? '' : headerValue(fields[name], name);
      return value === '' ? [] : [[name, value] as const];
    }),
  );
}

function headerValue(place: Place, name: keyof typeof HEADERS): string {
  const value = readText(place, name);
  const allowed = HEADERS[name];
  if (allowed !== undefined && value !== '') return oneOf(place, name, allowed);
  if (!/^[\t -~]*$/.test(value)) place.fail(`Wrong ${name}: a header is printable ASCII on one line`);
  return value;
}

function parseUsers(place: Place): ReadonlyMap<string, string> {
  if (place.scalar() === null) return new Map();
  const entries =
    place.entries() ?? place.fail('Wrong basic_auth_users: allowed is a mapping of names to bcrypt hashes');
  return new Map(
    entries.map(({ key, keyPlace, value }) => {
      if (key.includes(':')) keyPlace.fail(`Wrong user ${JSON.stringify(key)}: the name of a user has no colon`);
      return [key, parseHash(value, key)];
    }),
  );
}

function parseHash(place: Place, user: string): string {
  const hash = place.scalar();
  const match = typeof hash === 'string' ? BCRYPT.exec(hash) : null;
  if (match === null) {
    return place.fail(
      `Wrong password of user ${JSON.stringify(user)}: allowed is a bcrypt hash, such as htpasswd -nBC 10 ${user} prints`,
    );
  }
  const cost = Number(match[1]);
  if (cost < MIN_COST || cost > MAX_COST) {
    place.fail(
      `Wrong password of user ${JSON.stringify(user)}: its cost is ${cost}, allowed is ${MIN_COST} to ${MAX_COST}`,
    );
  }
  return match[0];
}

function parseRateLimit(place: Place): RateLimit | undefined {
  const fields = readSection(place, 'rate_limit', ['interval', 'burst'] as const);
  const interval = fields.interval ? parseInterval(fields.interval) : 0;
  const burst = fields.burst?.scalar() ?? 0;
  if (typeof burst !== 'number' || !Number.isSafeInteger(burst) || burst < 0) {
    return fields.burst?.fail(`Wrong burst, ${fields.burst.describe()}: allowed is an integer from 0`);
  }
  return interval === 0 ? undefined : { interval, burst };
}

function parseInterval(place: Place): number {
  return (
    parseGoDuration(readText(place, 'interval') || '0') ??
    place.fail(`Wrong interval, ${place.describe()}: allowed is a duration with its unit, such as 1s or 250ms, or 0`)
  );
}
