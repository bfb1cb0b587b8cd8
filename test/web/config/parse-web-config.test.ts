import { describe, expect, it } from 'vitest';
import { parseWebConfig } from '../../../src/web/config/parse-web-config.ts';

const HASH = '$2y$10$2UXri9cIDdgeKjBo4Rlpx.U3ZLDV8X1IxKmsfOvhcM5oXQt/mLmXq';
const TLS = 'tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n';
const SUITES = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
  ...['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'],
  ...['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
  ...['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
  ...['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA'],
].join(', ');
const BCRYPT = 'allowed is a bcrypt hash, such as htpasswd -nBC 10 ann prints';

const parse = (text: string) => parseWebConfig(text, 'web.yml');

describe('parseWebConfig', () => {
  it.each(['', '# nothing\n', '{}', 'tls_server_config:\nhttp_server_config:\nbasic_auth_users:\nrate_limit:\n'])(
    'reads %j as no protection at all',
    (text) => {
      const { tls, headers, users, rateLimit } = parse(text);
      expect({ tls, headers, users, rateLimit }).toEqual({
        tls: undefined,
        headers: new Map(),
        users: new Map(),
        rateLimit: undefined,
      });
    },
  );

  it('reads files, and fills in the defaults', () => {
    const { tls } = parse(TLS);
    expect(tls).toMatchObject({
      cert: { text: 'server.pem', inline: false },
      key: { text: 'server.key', inline: false },
      clientCa: undefined,
      clientAuthType: 'NoClientCert',
      allowedSans: undefined,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: undefined,
      curves: undefined,
      serverOrder: true,
    });
  });

  it('reads every key of TLS', () => {
    const { tls } = parse(`tls_server_config:
  cert: certificate
  cert_file: ""
  key: secret
  client_ca: authority
  client_auth_type: RequireAndVerifyClientCert
  client_allowed_sans: [prometheus.example, 192.0.2.7]
  min_version: TLS10
  max_version: TLS13
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]
  curve_preferences: [CurveP521, X25519, CurveP384, CurveP256]
  prefer_server_cipher_suites: no
`);
    expect(tls).toMatchObject({
      cert: { text: 'certificate', inline: true },
      key: { text: 'secret', inline: true },
      clientCa: { text: 'authority', inline: true },
      clientAuthType: 'RequireAndVerifyClientCert',
      allowedSans: ['prometheus.example', '192.0.2.7'],
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.3',
      ciphers: ['ECDHE-RSA-AES128-GCM-SHA256', 'TLS_AES_128_GCM_SHA256'],
      curves: ['secp521r1', 'X25519', 'secp384r1', 'prime256v1'],
      serverOrder: false,
    });
  });

  it('reads headers, numbers as their text, and leaves blank ones out', () => {
    const { headers } = parse(`http_server_config:
  http2: true
  headers:
    X-Frame-Options: sameorigin
    Strict-Transport-Security: max-age=31536000; includeSubDomains
    X-Content-Type-Options: nosniff
    X-XSS-Protection: 1
    Content-Security-Policy: ""
`);
    expect(Object.fromEntries(headers)).toEqual({
      'X-Frame-Options': 'sameorigin',
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
      'X-XSS-Protection': '1',
    });
  });

  it('reads users with hashes of each kind', () => {
    const hashes = ['2a', '2b', '2y'].map((kind) => HASH.replace('2y', kind));
    const { users } = parse(`basic_auth_users:\n  ann: ${hashes[0]}\n  007: ${hashes[1]}\n  "": ${hashes[2]}\n`);
    expect([...users]).toEqual([
      ['ann', hashes[0]],
      ['007', hashes[1]],
      ['', hashes[2]],
    ]);
  });

  it.each([
    ['{interval: 1s, burst: 20}', { interval: 1_000, burst: 20 }],
    ['{interval: 1m30s}', { interval: 90_000, burst: 0 }],
    ['{interval: 0, burst: 0}', undefined],
    ['{interval: 0s, burst: 5}', undefined],
    ['{burst: 5}', undefined],
  ])('reads the rate limit %s', (text, limit) => {
    expect(parse(`rate_limit: ${text}`).rateLimit).toEqual(limit);
  });

  it.each([
    [
      'just words\nand more',
      '1: Wrong web configuration: allowed is a mapping with tls_server_config, http_server_config, basic_auth_users, rate_limit',
    ],
    [
      'tls_config: {}',
      '1: Unknown key "tls_config" of the web configuration: allowed is tls_server_config, http_server_config, basic_auth_users, rate_limit',
    ],
    [
      'tls_server_config:\n  cert_filse: x',
      '2: Unknown key "cert_filse" of the tls_server_config: allowed is cert, key, client_ca, cert_file, key_file, client_ca_file, client_auth_type, client_allowed_sans, min_version, max_version, cipher_suites, prefer_server_cipher_suites, curve_preferences',
    ],
    ['tls_server_config:\n  key_file: k', '2: Missing key "cert_file" (or "cert") of tls_server_config'],
    [
      'tls_server_config:\n  cert_file: ""\n  key_file: k',
      '2: Missing key "cert_file" (or "cert") of tls_server_config',
    ],
    ['tls_server_config:\n  cert: ""\n  key_file: k', '2: Missing key "cert_file" (or "cert") of tls_server_config'],
    ['tls_server_config:\n  cert_file: c', '2: Missing key "key_file" (or "key") of tls_server_config'],
    ['tls_server_config:\n  cert_file: c\n  key: ""', '2: Missing key "key_file" (or "key") of tls_server_config'],
    ['tls_server_config:\n  min_version: TLS12', '2: Missing key "cert_file" (or "cert") of tls_server_config'],
    [
      `${TLS}  client_auth_type: x`,
      '4: Unknown client_auth_type "x": allowed is NoClientCert, RequestClientCert, RequireAnyClientCert, RequireClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert',
    ],
    [`${TLS}  cert: x\n`, '2: Both cert and cert_file: give one of the two'],
    [`${TLS}  key: 5\n`, '4: Wrong key: allowed is a text'],
    [
      `${TLS}  client_ca: x\n`,
      '4: client_ca without client_auth_type: no client would be asked for a certificate; add client_auth_type: RequireAndVerifyClientCert',
    ],
    [
      `${TLS}  client_ca_file: /dev/null\n  client_auth_type: NoClientCert\n`,
      '4: client_ca_file without client_auth_type: no client would be asked for a certificate; add client_auth_type: RequireAndVerifyClientCert',
    ],
    [
      `${TLS}  client_allowed_sans: [a]\n`,
      '4: client_allowed_sans without client_auth_type: no client would be asked for a certificate; add client_auth_type: RequireAndVerifyClientCert',
    ],
    [
      `${TLS}  client_allowed_sans: []\n`,
      '4: Empty client_allowed_sans: it would let nobody in; give names or leave it out',
    ],
    [`${TLS}  client_allowed_sans: a\n`, '4: Wrong client_allowed_sans, "a": allowed is a list'],
    [`${TLS}  min_version: TLS111\n`, '4: Unknown min_version "TLS111": allowed is TLS10, TLS11, TLS12, TLS13'],
    [`${TLS}  max_version: TLS11\n`, '4: Wrong max_version, TLS11: it is below min_version, TLS12'],
    [
      `${TLS}  cipher_suites:\n  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA2048\n`,
      `5: Unknown cipher suite "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA2048": allowed is ${SUITES}`,
    ],
    [
      `${TLS}  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]\n`,
      `4: Unknown cipher suite "TLS_RSA_WITH_RC4_128_SHA": allowed is ${SUITES}`,
    ],
    [
      `${TLS}  curve_preferences: [CurveP257]\n`,
      '4: Unknown curve "CurveP257": allowed is CurveP256, CurveP384, CurveP521, X25519',
    ],
    [
      `${TLS}  prefer_server_cipher_suites: maybe\n`,
      '4: Wrong prefer_server_cipher_suites, "maybe": allowed is true or false',
    ],
    [
      'http_server_config:\n  http3: true',
      '2: Unknown key "http3" of the http_server_config: allowed is http2, headers',
    ],
    ['http_server_config:\n  http2: 2', '2: Wrong http2, 2: allowed is true or false'],
    [
      'http_server_config:\n  headers:\n    Content-Type: foo',
      '3: Unknown key "Content-Type" of the headers: allowed is Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, X-XSS-Protection, Content-Security-Policy',
    ],
    [
      'http_server_config:\n  headers:\n    X-Frame-Options: foo',
      '3: Unknown X-Frame-Options "foo": allowed is deny, sameorigin',
    ],
    [
      'http_server_config:\n  headers:\n    X-Content-Type-Options: sniff',
      '3: Unknown X-Content-Type-Options "sniff": allowed is nosniff',
    ],
    [
      'http_server_config:\n  headers:\n    X-XSS-Protection: "1\\r\\nSet-Cookie: a=b"',
      '3: Wrong X-XSS-Protection: a header is printable ASCII on one line',
    ],
    [
      'http_server_config:\n  headers:\n    X-XSS-Protection: [1]',
      '3: Wrong X-XSS-Protection, a list: allowed is a text',
    ],
    ['basic_auth_users: secret', '1: Wrong basic_auth_users: allowed is a mapping of names to bcrypt hashes'],
    ['basic_auth_users:\n  ann: secret', `2: Wrong password of user "ann": ${BCRYPT}`],
    [`basic_auth_users:\n  ann: ${HASH.replace('2y', '2x')}`, `2: Wrong password of user "ann": ${BCRYPT}`],
    [`basic_auth_users:\n  ann: ${HASH.slice(0, -1)}`, `2: Wrong password of user "ann": ${BCRYPT}`],
    [
      `basic_auth_users:\n  ann: ${HASH.replace('$10$', '$19$')}`,
      '2: Wrong password of user "ann": its cost is 19, allowed is 4 to 18',
    ],
    [
      `basic_auth_users:\n  ann: ${HASH.replace('$10$', '$03$')}`,
      '2: Wrong password of user "ann": its cost is 3, allowed is 4 to 18',
    ],
    [`basic_auth_users:\n  a:b: ${HASH}`, '2: Wrong user "a:b": the name of a user has no colon'],
    [`basic_auth_users:\n  ann: ${HASH}\n  ann: ${HASH}`, '3: Map keys must be unique'],
    ['rate_limit: {intervall: 1s}', '1: Unknown key "intervall" of the rate_limit: allowed is interval, burst'],
    [
      'rate_limit:\n  interval: 5\n  burst: 1',
      '2: Wrong interval, 5: allowed is a duration with its unit, such as 1s or 250ms, or 0',
    ],
    [
      'rate_limit:\n  interval: -1s',
      '2: Wrong interval, "-1s": allowed is a duration with its unit, such as 1s or 250ms, or 0',
    ],
    ['rate_limit:\n  interval: 1s\n  burst: -1', '3: Wrong burst, -1: allowed is an integer from 0'],
    ['rate_limit:\n  interval: 1s\n  burst: many', '3: Wrong burst, "many": allowed is an integer from 0'],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(SyntaxError);
    expect(() => parse(text)).toThrow(`web.yml:${message}`);
  });

  it('shows no secret in a message', () => {
    for (const text of [
      'hunter2',
      'tls_server_config: hunter2',
      'http_server_config: {headers: hunter2}',
      'basic_auth_users: hunter2',
      'basic_auth_users:\n  ann: hunter2',
      `${TLS}  key: [hunter2]\n`,
      'basic_auth_users:\n  ann: [hunter2]',
    ]) {
      expect(() => parse(text)).toThrow();
      expect(() => parse(text)).not.toThrow(/hunter2/);
    }
  });
});
