import type { SecureVersion } from 'node:tls';
import { oneOf } from '../../yaml/read-place.ts';
import type { Place } from '../../yaml/yaml-place.ts';
import { CIPHER_SUITES, CURVES } from './cipher-suites.ts';
import { CLIENT_AUTH, type ClientAuthType } from './client-auth.ts';
import { readBoolean, readList, readSection, readText } from './read-place.ts';

/** Where a certificate or a key is: in the configuration itself, or in the file it names. */
export interface PemSource {
  /** The key of the configuration, for messages. */
  readonly key: string;
  readonly place: Place;
  /** PEM when `inline`, else the path of a file. */
  readonly text: string;
  readonly inline: boolean;
}

/** `tls_server_config` as it is written, before any file that it names is read. */
export interface TlsSection {
  readonly place: Place;
  readonly cert: PemSource;
  readonly key: PemSource;
  readonly clientCa: PemSource | undefined;
  readonly clientAuthType: ClientAuthType;
  readonly allowedSans: readonly string[] | undefined;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  /** OpenSSL's names; undefined for the default. */
  readonly ciphers: readonly string[] | undefined;
  readonly curves: readonly string[] | undefined;
  readonly serverOrder: boolean;
}

const KEYS = [
  ...(['cert', 'key', 'client_ca', 'cert_file', 'key_file', 'client_ca_file'] as const),
  ...(['client_auth_type', 'client_allowed_sans', 'min_version', 'max_version'] as const),
  ...(['cipher_suites', 'prefer_server_cipher_suites', 'curve_preferences'] as const),
] as const;
type Fields = Partial<Record<(typeof KEYS)[number], Place>>;

const VERSIONS = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;
const VERSION_NAMES = Object.keys(VERSIONS) as (keyof typeof VERSIONS)[];
const CLIENT_AUTH_TYPES = Object.keys(CLIENT_AUTH) as ClientAuthType[];

/**
 * Takes the place of `tls_server_config`, returns what it says; undefined when nothing is there. Throws the SyntaxError of
 * the place for an unknown key or word, for TLS without certificate or key, and for keys that would have no effect.
 */
export function parseTls(place: Place): TlsSection | undefined {
  const fields = readSection(place, 'tls_server_config', KEYS);
  if (Object.keys(fields).length === 0) return undefined;

  const minVersion = version(fields, 'min_version', 'TLS12');
  const maxVersion = version(fields, 'max_version', 'TLS13');
  if (minVersion > maxVersion) {
    (fields.max_version ?? fields.min_version)?.fail(
      `Wrong max_version, ${maxVersion}: it is below min_version, ${minVersion}`,
    );
  }
  return {
    place,
    cert: pemSource(fields, 'cert') ?? place.fail('Missing key "cert_file" (or "cert") of tls_server_config'),
    key: pemSource(fields, 'key') ?? place.fail('Missing key "key_file" (or "key") of tls_server_config'),
    ...parseClients(fields),
    minVersion: VERSIONS[minVersion],
    maxVersion: VERSIONS[maxVersion],
    ciphers: translated(fields, 'cipher_suites', 'cipher suite', CIPHER_SUITES),
    curves: translated(fields, 'curve_preferences', 'curve', CURVES),
    serverOrder: fields.prefer_server_cipher_suites
      ? readBoolean(fields.prefer_server_cipher_suites, 'prefer_server_cipher_suites')
      : true,
  };
}

/** What of the section is about clients. */
function parseClients(fields: Fields): Pick<TlsSection, 'clientCa' | 'clientAuthType' | 'allowedSans'> {
  const typePlace = fields.client_auth_type;
  const clientAuthType =
    typePlace === undefined || readText(typePlace, 'client_auth_type') === ''
      ? 'NoClientCert'
      : oneOf(typePlace, 'client_auth_type', CLIENT_AUTH_TYPES);
  const clientCa = pemSource(fields, 'client_ca');
  const allowedSans = readList(fields.client_allowed_sans, 'client_allowed_sans')?.map((item) =>
    readText(item, 'client_allowed_sans'),
  );
  if (fields.client_allowed_sans?.items()?.length === 0) {
    fields.client_allowed_sans.fail('Empty client_allowed_sans: it would let nobody in; give names or leave it out');
  }
  if (clientAuthType === 'NoClientCert') {
    const unused = clientCa?.place ?? (allowedSans && fields.client_allowed_sans);
    unused?.fail(
      `${clientCa?.key ?? 'client_allowed_sans'} without client_auth_type: no client would be asked for a certificate; ` +
        'add client_auth_type: RequireAndVerifyClientCert',
    );
  }
  return { clientCa, clientAuthType, allowedSans };
}

/** What `<name>` or `<name>_file` gives; an empty text is as good as none. */
function pemSource(fields: Fields, name: 'cert' | 'key' | 'client_ca'): PemSource | undefined {
  const [inline, file] = [source(fields, name, true), source(fields, `${name}_file`, false)];
  if (inline && file) return file.place.fail(`Both ${inline.key} and ${file.key}: give one of the two`);
  return inline ?? file;
}

function source(fields: Fields, key: keyof Fields, inline: boolean): PemSource | undefined {
  const place = fields[key];
  if (place === undefined) return undefined;
  // Not `readText`, whose message would show a part of what may be a key.
  const written = place.scalar();
  if (written === null || written === '') return undefined;
  if (typeof written !== 'string') return place.fail(`Wrong ${key}: allowed is a text`);
  return { key, place, text: written, inline };
}

function version(fields: Fields, key: 'min_version' | 'max_version', otherwise: keyof typeof VERSIONS) {
  const place = fields[key];
  return place === undefined || place.scalar() === null ? otherwise : oneOf(place, key, VERSION_NAMES);
}

function translated(fields: Fields, key: keyof Fields, what: string, names: ReadonlyMap<string, string>) {
  return readList(fields[key], key)?.map((item) => names.get(oneOf(item, what, [...names.keys()])) ?? '');
}
