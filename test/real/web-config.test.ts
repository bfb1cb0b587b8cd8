import { once } from 'node:events';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { expect, it, onTestFinished } from 'vitest';
import { Exporter } from '../e2e/exporter.ts';
import { startPrometheus } from '../e2e/prometheus.ts';
import { describeReal } from '../e2e/required.ts';
import { curl, pemFile, sClient } from '../e2e/tls-clients.ts';
import { makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

const COST = 6;
const OK = 'srcroute-exporter is healthy\n';

/** An exporter with a web configuration of its own. */
interface Guarded {
  readonly exporter: Exporter;
  readonly address: string;
  readonly url: string;
  readonly directory: string;
  readonly file: string;
  /** Puts a configuration in the place of the one there, at once, as what replaces configurations does. */
  write(text: string): void;
  /** Puts a certificate or key of the tests in the place of one of the configuration. */
  put(name: string, fixture: string): void;
}

describeReal('the web configuration', { commands: ['curl', 'openssl', 'prometheus'] }, () => {
  it('serves TLS to curl and to openssl, in HTTP/1.1, and nothing in the clear', async () => {
    const { address, url } = await start(tls());
    const reply = await curl(`${url}/metrics`, undefined, '--http2');
    expect(reply).toMatchObject({ status: 200, said: '' });
    expect(reply.body).toContain('srcroute_exporter_build_info');
    const other = await sClient(address, '/-/healthy', undefined, '-alpn', 'h2,http/1.1');
    expect(other).toMatchObject({ status: 200, body: OK });
    expect(other.said).toContain('ALPN protocol: http/1.1');
    expect(other.said).toContain('Verify return code: 0 (ok)');
    expect(await curl(`http://${address}/`)).toMatchObject({ status: undefined });
  });

  it('serves a certificate and key from the configuration itself', async () => {
    const inline = (name: string) => readFileSync(pemFile(name), 'utf8').replace(/^/gm, '    ');
    const { url } = await start(
      `tls_server_config:\n  cert: |\n${inline('server.pem')}\n  key: |\n${inline('server.key')}\n`,
    );
    expect(await curl(`${url}/-/healthy`)).toMatchObject({ status: 200, body: OK });
  });

  it.each([
    // Who comes in: without a certificate, with one of the authority, of another, of the authority but for servers.
    { type: 'NoClientCert', ca: false, none: true, client: true, stranger: true, serverOnly: true },
    { type: 'RequestClientCert', ca: true, none: true, client: true, stranger: true, serverOnly: true },
    { type: 'RequireAnyClientCert', ca: false, none: false, client: true, stranger: true, serverOnly: true },
    { type: 'RequireClientCert', ca: true, none: false, client: true, stranger: true, serverOnly: true },
    { type: 'VerifyClientCertIfGiven', ca: true, none: true, client: true, stranger: false, serverOnly: false },
    { type: 'RequireAndVerifyClientCert', ca: true, none: false, client: true, stranger: false, serverOnly: false },
    { type: 'RequireAndVerifyClientCert', ca: false, none: false, client: false, stranger: false, serverOnly: false },
  ])('lets in whom $type lets in (authority: $ca)', async ({ type, ca, none, client, stranger, serverOnly }) => {
    const { address, url } = await start(
      tls(`client_auth_type: ${type}`, ...(ca ? [`client_ca_file: ${pemFile('ca.pem')}`] : [])),
    );
    const clients = [
      [undefined, none],
      ['client', client],
      ['stranger', stranger],
      ['server-only', serverOnly],
    ] as const;
    for (const [certificate, comesIn] of clients) {
      const status = comesIn ? 200 : undefined;
      const replies = await Promise.all([
        curl(`${url}/-/healthy`, certificate),
        sClient(address, '/-/healthy', certificate, '-tls1_3'),
        sClient(address, '/-/healthy', certificate, '-tls1_2'),
      ]);
      expect({ certificate, statuses: replies.map((reply) => reply.status) }).toEqual({
        certificate,
        statuses: [status, status, status],
      });
    }
  });

  it.each([
    { allowed: 'prometheus.example', client: true },
    { allowed: 'ops@example.org', client: true },
    { allowed: '192.0.2.7', client: true },
    { allowed: '2001:db8::7', client: true },
    { allowed: 'spiffe://example.org/prometheus', client: true },
    { allowed: 'PROMETHEUS.example', client: false },
    { allowed: 'client', client: false },
  ])('with the allowed name $allowed lets the client in: $client', async ({ allowed, client }) => {
    const { url } = await start(
      tls(
        'client_auth_type: VerifyClientCertIfGiven',
        `client_ca_file: ${pemFile('ca.pem')}`,
        `client_allowed_sans: [other.example, "${allowed}"]`,
      ),
    );
    expect((await curl(`${url}/-/healthy`, 'client')).status).toBe(client ? 200 : undefined);
    expect((await curl(`${url}/-/healthy`, 'hostile')).status).toBeUndefined();
    expect((await curl(`${url}/-/healthy`)).status).toBeUndefined();
  });

  it('keeps out on a resumed session whom a new authority does not know', async () => {
    const { address, url, put } = await start(
      tls('client_auth_type: RequireAndVerifyClientCert', 'client_ca_file: ca.pem'),
    );
    for (const version of ['-tls1_2', '-tls1_3']) {
      put('ca.pem', 'ca.pem');
      await until('the client comes in', async () => (await curl(`${url}/-/healthy`, 'client')).status === 200);
      const session = join(makeDirectory(), 'session');
      expect((await sClient(address, '/', 'client', version, '-sess_out', session)).status).toBe(200);
      const resumed = await sClient(address, '/', 'client', version, '-sess_in', session);
      expect(resumed.status).toBe(200);
      expect(resumed.said).toContain('Reused, TLSv1');
      put('ca.pem', 'other-ca.pem');
      await until('only the other comes in', async () => (await curl(`${url}/-/healthy`, 'stranger')).status === 200);
      expect((await sClient(address, '/', 'client', version, '-sess_in', session)).status).toBeUndefined();
    }
  });

  it.each([
    { keys: [], flags: ['-tls1_3'], said: 'New, TLSv1.3' },
    { keys: [], flags: ['-tls1_2'], said: 'New, TLSv1.2' },
    { keys: [], flags: ['-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0'], said: undefined },
    { keys: ['min_version: TLS13'], flags: ['-tls1_2'], said: undefined },
    { keys: ['max_version: TLS12'], flags: [], said: 'New, TLSv1.2' },
    { keys: ['max_version: TLS12'], flags: ['-tls1_3'], said: undefined },
    {
      keys: ['min_version: TLS10'],
      flags: ['-tls1', '-cipher', 'DEFAULT@SECLEVEL=0'],
      said: 'Protocol  : TLSv1\n',
    },
    {
      keys: ['min_version: TLS11', 'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA]'],
      flags: ['-tls1_1', '-cipher', 'DEFAULT@SECLEVEL=0'],
      said: 'Cipher is ECDHE-ECDSA-AES128-SHA',
    },
    {
      keys: ['cipher_suites: [TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]'],
      flags: ['-tls1_2'],
      said: 'Cipher is ECDHE-ECDSA-CHACHA20-POLY1305',
    },
    {
      keys: ['cipher_suites: [TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]'],
      flags: ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
      said: undefined,
    },
    {
      keys: ['cipher_suites: [TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]'],
      flags: ['-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256'],
      said: 'Cipher is TLS_AES_128_GCM_SHA256',
    },
    {
      keys: ['cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]'],
      flags: ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256'],
      said: 'Cipher is ECDHE-ECDSA-AES128-GCM-SHA256',
    },
    {
      keys: [
        'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]',
        'prefer_server_cipher_suites: false',
      ],
      flags: ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256'],
      said: 'Cipher is ECDHE-ECDSA-AES256-GCM-SHA384',
    },
    { keys: ['curve_preferences: [CurveP384]'], flags: [], said: 'Server Temp Key: ECDH, secp384r1' },
    { keys: ['curve_preferences: [X25519]'], flags: [], said: 'Server Temp Key: X25519' },
    { keys: ['curve_preferences: [CurveP521]'], flags: ['-groups', 'P-256'], said: undefined },
  ])('with $keys answers openssl $flags with $said', async ({ keys, flags, said }) => {
    const { address } = await start(tls(...keys));
    const reply = await sClient(address, '/-/healthy', undefined, ...flags);
    expect(reply.status).toBe(said === undefined ? undefined : 200);
    expect(reply.said).toContain(said ?? 'alert');
  });

  it('lets in who knows a password, and tells nobody else anything', async () => {
    const { url } = await start(users({ ann: 'secret', bob: 'pässwörd:with:colons' }), 'http');
    const ask = (path: string, ...flags: string[]) => curl(url + path, undefined, ...flags);
    expect((await ask('/metrics', '--user', 'ann:secret')).body).toContain('srcroute_exporter_build_info');
    expect((await ask('/-/healthy', '--user', 'bob:pässwörd:with:colons')).body).toBe(OK);
    const refused = [
      await ask('/-/healthy'),
      await ask('/metrics', '--user', 'ann:wrong'),
      await ask('/metrics', '--user', 'ann:'),
      await ask('/nothing', '--user', 'carol:secret'),
      await ask('/', '--header', 'Authorization: Bearer secret'),
      await ask('/', '--request', 'POST'),
    ];
    for (const { status, body, headers } of refused) {
      expect([status, body]).toEqual([401, 'Unauthorized\n']);
      expect(headers['www-authenticate']).toBe('Basic realm="srcroute-exporter", charset="UTF-8"');
    }
  });

  it('answers scrapes while wrong passwords wait to be compared', async () => {
    const { url } = await start(users({ ann: 'secret' }, 12), 'http');
    const scrape = () => fetch(`${url}/metrics`, { headers: { Authorization: basic('ann', 'secret') } });
    expect((await scrape()).status).toBe(200);
    const leave = new AbortController();
    let answered = 0;
    const wrong = Array.from({ length: 40 }, async (_, index) => {
      await fetch(url, { headers: { Authorization: basic('ann', String(index)) }, signal: leave.signal });
      answered += 1;
    });
    const left = Promise.allSettled(wrong);
    for (let index = 0; index < 10; index += 1) expect((await scrape()).status).toBe(200);
    expect(answered).toBeLessThan(wrong.length);
    leave.abort();
    await left;
    expect((await scrape()).status).toBe(200);
  });

  it('stops at once while a password is compared', async () => {
    // Not a hash of anything: what takes time is its cost.
    const { exporter, url } = await start(users({ ann: 'secret' }).replace(/\$0\d\$/, '$18$'), 'http');
    const ticks = () => {
      const [, , , , , , , , , , , user, system] =
        readFileSync(`/proc/${exporter.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return Number(user) + Number(system);
    };
    const before = ticks();
    const asked = fetch(url, { headers: { Authorization: basic('ann', 'secret') } }).catch(() => {});
    await until('the thread is at work', () => ticks() > before + 50);
    expect(await exporter.stop()).toMatchObject({ code: 0 });
    await asked;
  });

  it('puts the configured headers on every response, in place of its own', async () => {
    const { url } = await start(
      `http_server_config:
  headers:
    X-Frame-Options: sameorigin
    X-Content-Type-Options: nosniff
    X-XSS-Protection: 1
    Strict-Transport-Security: max-age=31536000
    Content-Security-Policy: "frame-ancestors 'self'"
`,
      'http',
    );
    for (const path of ['/', '/metrics', '/-/ready', '/nothing']) {
      expect((await curl(url + path)).headers).toMatchObject({
        'x-frame-options': 'sameorigin',
        'x-content-type-options': 'nosniff',
        'x-xss-protection': '1',
        'strict-transport-security': 'max-age=31536000',
        'content-security-policy': "frame-ancestors 'self'",
      });
    }
  });

  it('answers no more requests than the limit', async () => {
    const { url } = await start('rate_limit: {interval: 1h, burst: 3}\n', 'http');
    const statuses = [];
    for (let index = 0; index < 5; index += 1) statuses.push((await curl(`${url}/-/healthy`)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it('is scraped by a real Prometheus with certificate and password', async () => {
    const { address } = await start(
      tls('client_auth_type: RequireAndVerifyClientCert', `client_ca_file: ${pemFile('ca.pem')}`) +
        users({ ann: 'secret' }),
    );
    const job = (name: string, certificate: string, password: string) => `- job_name: ${name}
  scheme: https
  tls_config:
    ca_file: ${pemFile('ca.pem')}
    cert_file: ${pemFile(`${certificate}.pem`)}
    key_file: ${pemFile(`${certificate}.key`)}
  basic_auth: {username: ann, password: ${password}}
  static_configs: [{targets: ["${address}"]}]
`;
    const prometheus = await startPrometheus(
      job('right', 'client', 'secret') + job('wrong', 'client', 'wrong') + job('stranger', 'stranger', 'secret'),
    );
    const { lastError } = prometheus;
    const query = async (expression: string) => (await prometheus.query(expression)).map(({ value }) => value);
    await until('it has scraped', async () => (await query('up{job="right"}'))[0] === 1);
    await until('it has samples', async () => (await query('srcroute_exporter_build_info'))[0] === 1);
    await until('the wrong one is refused', async () => (await lastError('wrong')).includes('401 Unauthorized'));
    await until('the stranger is cut off', async () => (await lastError('stranger')) !== '');
    expect(await query('up{job!="right"}')).toEqual([0, 0]);
    expect(await query('up{job="right"}')).toEqual([1]);
  });
});

describeReal('a reload of the web configuration', { commands: ['curl', 'openssl'] }, () => {
  it('takes up a new certificate, and keeps it when a worse one comes', async () => {
    const { exporter, address, url, file, put } = await start(tls());
    const subject = async () => /^subject=CN = (.*)$/m.exec((await sClient(address, '/-/healthy')).said)?.[1];
    expect(await subject()).toBe('first.example');
    put('server.pem', 'renewed.pem');
    put('server.key', 'renewed.key');
    await until('it shows the new one', async () => (await subject()) === 'second.example');

    put('server.key', 'stranger.key');
    await until('it refuses the key', async () => {
      await curl(`${url}/-/healthy`);
      return exporter.stderr.includes('it is not the key of the certificate');
    });
    for (let index = 0; index < 3; index += 1) expect(await subject()).toBe('second.example');
    expect(exporter.stderr.match(/it is not the key of the certificate/g)).toHaveLength(1);
    expect(exporter.stderr).toContain(
      `level=error msg="Configuration refused: the one before stays in force" file=${file} error="${file}:3: Wrong key_file`,
    );
    expect(await successful(url)).toBe('0');

    put('server.key', 'renewed.key');
    await until('all is well', async () => (await successful(url)) === '1');
  });

  it('takes up new users on a connection that is open already', async () => {
    const { url, write } = await start(users({ ann: 'secret' }), 'http');
    // fetch keeps its connection.
    const status = async (user: string) =>
      (await fetch(`${url}/-/healthy`, { headers: { Authorization: basic(user, 'secret') } })).status;
    expect([await status('ann'), await status('bob')]).toEqual([200, 401]);
    write(users({ bob: 'secret' }));
    await until('the new one is known', async () => (await status('bob')) === 200);
    expect(await status('ann')).toBe(401);
  });

  it('does not open to everybody when the file is emptied', async () => {
    const { exporter, url, file, write } = await start(users({ ann: 'secret' }), 'http');
    write('');
    await until('it refuses that', async () => {
      expect((await curl(`${url}/-/healthy`)).status).toBe(401);
      return exporter.stderr.includes(`${file}:1: The last of basic_auth_users cannot be taken away by a reload`);
    });
    expect((await curl(`${url}/-/healthy`)).status).toBe(401);
  });

  it('happens on SIGHUP as well', async () => {
    const { exporter, file, write } = await start('', 'http');
    write('nonsense: 1\n');
    process.kill(exporter.pid, 'SIGHUP');
    await until('it says what is wrong', () => exporter.stderr.includes(`${file}:1: Unknown key \\"nonsense\\"`));
    write('rate_limit: {interval: 1s, burst: 5}\n');
    process.kill(exporter.pid, 'SIGHUP');
    await until('it takes it', () => exporter.stderr.includes('msg="Configuration reloaded"'));
  });

  it('ends a connection that was let in by what is no more in force', async () => {
    const { exporter, url, put } = await start(
      tls('client_auth_type: RequireAndVerifyClientCert', 'client_ca_file: ca.pem'),
    );
    const [ca, cert, key] = ['ca.pem', 'client.pem', 'client.key'].map((name) => readFileSync(pemFile(name)));
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca, cert, key });
    onTestFinished(() => agent.destroy());
    const ask = async () => {
      const [response] = (await once(get(`${url}/-/healthy`, { agent }), 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      return response.headers.connection;
    };
    expect(await ask()).toBe('keep-alive');
    put('ca.pem', 'other-ca.pem');
    await until('it has read the change', async () => {
      await curl(`${url}/-/healthy`, 'stranger');
      return exporter.stderr.includes('Configuration reloaded');
    });
    expect(await ask()).toBe('close');
    await expect(ask()).rejects.toThrow();
  });

  async function successful(url: string): Promise<string | undefined> {
    const { body } = await curl(`${url}/metrics`);
    return /^srcroute_config_last_reload_successful\{file="[^"]*web\.yml"\} (\d)$/m.exec(body)?.[1];
  }
});

function tls(...keys: string[]): string {
  return ['tls_server_config:', 'cert_file: server.pem', 'key_file: server.key', ...keys].join('\n  ').concat('\n');
}

function users(passwords: Record<string, string>, cost = COST): string {
  const lines = Object.entries(passwords).map(([name, password]) => `  ${name}: ${hashSync(password, cost)}\n`);
  return `basic_auth_users:\n${lines.join('')}`;
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

async function start(text: string, scheme: 'http' | 'https' = 'https'): Promise<Guarded> {
  const directory = makeDirectory();
  const file = join(directory, 'web.yml');
  const write = (next: string) => {
    writeFileSync(`${file}.new`, next);
    renameSync(`${file}.new`, file);
  };
  const put = (name: string, fixture: string) => {
    copyFileSync(pemFile(fixture), join(directory, 'new'));
    renameSync(join(directory, 'new'), join(directory, name));
  };
  write(text);
  for (const name of ['server.pem', 'server.key', 'ca.pem']) put(name, name);
  const log = join(directory, 'kern.log');
  writeFileSync(log, '');
  const exporter = await Exporter.start([`--web.config.file=${file}`, `--input.file=${log}`]);
  const { address } = exporter;
  return { exporter, address, url: `${scheme}://${address}`, directory, file, write, put };
}
