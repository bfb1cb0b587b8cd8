import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CIPHER_SUITES, CURVES } from '../../../src/web/config/cipher-suites.ts';
import { WebConfigFiles } from '../../../src/web/config/web-config-files.ts';

const HASH = '$2y$10$2UXri9cIDdgeKjBo4Rlpx.U3ZLDV8X1IxKmsfOvhcM5oXQt/mLmXq';
const TLS = 'tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n';
const USERS = `basic_auth_users:\n  ann: ${HASH}\n`;

const fixture = (name: string) => new URL(`../../fixtures/tls/${name}`, import.meta.url);
const pem = (name: string) => readFileSync(fixture(name), 'utf8');
const indented = (name: string) => pem(name).replace(/^/gm, '    ');

describe('WebConfigFiles', () => {
  let directory: string;
  let file: string;
  const put = (name: string, fixtureName = name) => copyFileSync(fixture(fixtureName), join(directory, name));
  const open = (text: string) => {
    writeFileSync(file, text);
    return new WebConfigFiles(file);
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'srcroute-web-config-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    file = join(directory, 'web.yml');
    put('server.pem');
    put('server.key');
    put('ca.pem');
  });

  it('reads files beside the configuration, wherever the process is', () => {
    const { tls } = open(`${TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n`).read();
    expect(tls).toMatchObject({
      context: { cert: pem('server.pem'), key: pem('server.key'), ca: [pem('ca.pem').trimEnd()] },
      clientAuthType: 'RequireAndVerifyClientCert',
    });
  });

  it('reads certificate, key and authority from the configuration itself', () => {
    const text = `tls_server_config:
  cert: |
${indented('server.pem')}
  key: |
${indented('server.key')}
  client_auth_type: VerifyClientCertIfGiven
  client_ca: |
${indented('ca.pem')}
`;
    const { tls } = open(text).read();
    expect(tls?.context).toMatchObject({ ca: [pem('ca.pem').trimEnd()] });
    expect(String(tls?.context.cert).trim()).toBe(pem('server.pem').trim());
  });

  it('trusts nobody without an authority', () => {
    expect(open(`${TLS}  client_auth_type: RequireAndVerifyClientCert\n`).read().tls?.context.ca).toEqual([]);
  });

  it('compares allowed addresses in one form', () => {
    const { tls } = open(
      `${TLS}  client_auth_type: RequestClientCert\n  client_allowed_sans: ["2001:DB8:0::7"]\n`,
    ).read();
    expect(tls?.allowedSans).toEqual(new Set(['2001:db8::7']));
  });

  it.each([...CIPHER_SUITES.keys()])('can use %s, and TLS 1.3 beside it', (suite) => {
    const { tls } = open(`${TLS}  cipher_suites: [${suite}]\n`).read();
    expect(tls?.context.ciphers).toContain(CIPHER_SUITES.get(suite));
    expect(tls?.context.ciphers).toContain('TLS_AES_128_GCM_SHA256');
  });

  it.each([...CURVES.keys()])('can use %s', (curve) => {
    expect(open(`${TLS}  curve_preferences: [${curve}]\n`).read().tls?.context.ecdhCurve).toBe(CURVES.get(curve));
  });

  it.each([
    [
      'tls_server_config: {cert_file: none.pem, key_file: server.key}',
      '1: Wrong cert_file: Cannot read DIR/none.pem: ENOENT',
    ],
    [
      'tls_server_config: {cert_file: server.pem, key_file: none.key}',
      '1: Wrong key_file: Cannot read DIR/none.key: ENOENT',
    ],
    ['tls_server_config: {cert_file: ., key_file: server.key}', '1: Wrong cert_file: Cannot read DIR: EISDIR'],
    [
      'tls_server_config: {cert_file: /dev/zero, key_file: server.key}',
      '1: Wrong cert_file: Cannot read /dev/zero: larger than 1048576 bytes',
    ],
    [
      'tls_server_config: {cert_file: server.key, key_file: server.key}',
      '1: Wrong cert_file "server.key": no certificate in PEM',
    ],
    [
      'tls_server_config: {cert_file: server.pem, key_file: server.pem}',
      '1: Wrong key_file "server.pem": no private key in PEM',
    ],
    ['tls_server_config: {cert: junk, key_file: server.key}', '1: Wrong cert: no certificate in PEM'],
    ['tls_server_config: {cert_file: server.pem, key: junk}', '1: Wrong key: no private key in PEM'],
    [
      'tls_server_config: {cert_file: server.pem, key_file: encrypted.key}',
      '1: Wrong key_file "encrypted.key": the key is encrypted; give it without a passphrase',
    ],
    [
      'tls_server_config: {cert_file: server.pem, key_file: renewed.key}',
      '1: Wrong key_file "renewed.key": it is not the key of the certificate',
    ],
    [
      `${TLS}  client_auth_type: RequireAnyClientCert\n  client_ca_file: /dev/null\n`,
      '5: Wrong client_ca_file "/dev/null": no certificate in PEM',
    ],
    [
      `${TLS}  client_auth_type: RequireAnyClientCert\n  client_ca: |\n    -----BEGIN CERTIFICATE-----\n    AAAA\n    -----END CERTIFICATE-----\n`,
      '5: Wrong client_ca: no certificate in PEM',
    ],
    [
      `${TLS}  client_auth_type: RequireAnyClientCert\n  client_ca_file: none.pem\n`,
      '5: Wrong client_ca_file: Cannot read DIR/none.pem: ENOENT',
    ],
  ])('refuses %j', (text, message) => {
    put('renewed.key');
    put('encrypted.key');
    expect(() => open(text).read()).toThrow(`${file}:${message.replace('DIR', directory)}`);
  });

  it('names itself when it is missing', () => {
    expect(() => new WebConfigFiles(file).read()).toThrow(`Cannot read ${file}: ENOENT`);
  });

  describe('changed', () => {
    it.each([
      ['the configuration', () => writeFileSync(file, `${TLS}# more\n`)],
      ['a certificate', () => writeFileSync(join(directory, 'server.pem'), `${pem('server.pem')}\n`)],
      [
        'a key that another takes the place of',
        () => {
          put('next.key', 'server.key');
          renameSync(join(directory, 'next.key'), join(directory, 'server.key'));
        },
      ],
      ['a file that has gone', () => rmSync(join(directory, 'server.key'))],
    ])('sees %s', (_what, change) => {
      const files = open(TLS);
      files.read();
      expect(files.changed()).toBe(false);
      change();
      expect(files.changed()).toBe(true);
    });

    it('waits for the next change after one that was wrong, in the file that was wrong', () => {
      const files = open(TLS);
      files.read();
      writeFileSync(file, TLS.replace('server.pem', 'next.pem'));
      expect(() => files.read()).toThrow('next.pem: ENOENT');
      expect(files.changed()).toBe(false);
      put('next.pem', 'server.pem');
      expect(files.changed()).toBe(true);
      expect(files.read().tls).toBeDefined();
    });
  });

  describe('another reading', () => {
    it.each([
      ['certificates', TLS, TLS.replaceAll('server.', 'renewed.')],
      ['users', USERS, USERS.replace('ann', 'bob')],
      ['users where there were none', '', USERS],
      ['headers and limits', TLS, `${TLS}rate_limit: {interval: 1s, burst: 2}\n`],
      ['everything where nothing was guarded', 'rate_limit: {interval: 1s, burst: 2}\n', ''],
    ])('may change %s', (_what, before, after) => {
      put('renewed.pem');
      put('renewed.key');
      const files = open(before);
      const first = files.read();
      writeFileSync(file, after);
      expect(files.read()).not.toEqual(first);
    });

    it.each([
      ['turn TLS off', TLS, '', '1: TLS cannot be turned off by a reload: restart the exporter'],
      ['turn TLS on', USERS, TLS + USERS, '1: TLS cannot be turned on by a reload: restart the exporter'],
      [
        'let everybody in',
        TLS + USERS,
        TLS,
        '1: The last of basic_auth_users cannot be taken away by a reload: restart the exporter',
      ],
      [
        'ask less of clients',
        `${TLS}  client_auth_type: RequireAndVerifyClientCert\n`,
        TLS,
        '2: client_auth_type cannot go from RequireAndVerifyClientCert to NoClientCert by a reload: restart the exporter',
      ],
    ])('may not %s', (_what, before, after, message) => {
      const files = open(before);
      files.read();
      writeFileSync(file, after);
      expect(() => files.read()).toThrow(`${file}:${message}`);
      writeFileSync(file, before);
      expect(() => files.read()).not.toThrow();
    });
  });
});
