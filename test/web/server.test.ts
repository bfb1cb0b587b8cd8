import type { RequestListener } from 'node:http';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseListenAddress } from '../../src/web/listen-address.ts';
import { listen } from '../../src/web/server.ts';

const HAS_IPV6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
const hello: RequestListener = (_request, response) => response.end('hello\n');

const open = async (...texts: string[]) => {
  const server = await listen(hello, texts.map(parseListenAddress));
  onTestFinished(() => server.close());
  return server;
};

describe('listen', () => {
  it.skipIf(!HAS_IPV6)('serves every address and says what was bound', async () => {
    const { addresses } = await open('127.0.0.1:0', '[::1]:0');
    expect(addresses).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/),
      expect.stringMatching(/^\[::1\]:[1-9]\d*$/),
    ]);
    for (const address of addresses) expect(await (await fetch(`http://${address}`)).text()).toBe('hello\n');
  });

  it.skipIf(!HAS_IPV6)('serves both families without a host', async () => {
    const { addresses } = await open(':0');
    const port = new URL(`http://${addresses[0]}`).port;
    expect(addresses).toEqual([`[::]:${port}`]);
    for (const host of ['127.0.0.1', '[::1]']) expect((await fetch(`http://${host}:${port}`)).status).toBe(200);
  });

  it('names the address in use, and closes what it had opened', async () => {
    const [taken = ''] = (await open('127.0.0.1:0')).addresses;
    const [free = ''] = await open('127.0.0.1:0').then(async (server) => {
      await server.close();
      return server.addresses;
    });
    await expect(open(free, taken)).rejects.toThrow(
      `Cannot listen on "${taken}": the port is in use by another process; choose another with --web.listen-address`,
    );
    await expect(fetch(`http://${free}`)).rejects.toThrow();
  });

  it('knows its own address from that of another process', async () => {
    const server = await open('127.0.0.1:0');
    const [text = ''] = server.addresses;
    await server.close();
    await expect(open(text, text)).rejects.toThrow(
      `Cannot listen on "${text}": the port is taken by --web.listen-address=${text} already; leave one of the two out`,
    );
  });

  it('says what to do about an address of another host', async () => {
    await expect(open('192.0.2.1:0')).rejects.toThrow(
      /^Cannot listen on "192\.0\.2\.1:0": this host has no such address; /,
    );
  });
});
