import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readOwnAddresses } from '../../../src/posture/own-addresses/own-addresses.ts';
import { parseFibTrie } from '../../../src/posture/own-addresses/parse-fib-trie.ts';
import { parseIfInet6 } from '../../../src/posture/own-addresses/parse-if-inet6.ts';
import { makeRoot } from '../make-proc.ts';

const FIXTURES = new URL('../../fixtures/posture/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, FIXTURES), 'latin1');
const asIs = (address: string) => address;

describe('parseFibTrie', () => {
  it('finds each own address once, and no network, broadcast or range', () => {
    expect(parseFibTrie(fixture('fib_trie'))).toEqual(['127.0.0.1', '192.0.2.2']);
  });

  it('looks through every table', () => {
    expect(parseFibTrie(fixture('fib_trie-routing-rules'))).toEqual(['127.0.0.1', '198.51.100.7', '198.51.100.9']);
  });

  it('finds a LOCAL route that is not the first of its leaf', () => {
    const text = 'Local:\n  |-- 10.0.0.1\n     /32 link UNICAST\n     /32 host LOCAL tos=16\n     /24 link UNICAST\n';
    expect(parseFibTrie(text)).toEqual(['10.0.0.1']);
  });

  it('takes no address from text that is cut anywhere', () => {
    const text = fixture('fib_trie');
    const whole = parseFibTrie(text);
    for (let end = 0; end < text.length; end += 1) {
      expect(whole).toEqual(expect.arrayContaining(parseFibTrie(text.slice(0, end))));
    }
  });
});

describe('parseIfInet6', () => {
  it('writes the addresses out', () => {
    expect(parseIfInet6(fixture('if_inet6'))).toEqual([
      'fe80:0000:0000:0000:00fc:00ff:fe00:0001',
      '0000:0000:0000:0000:0000:0000:0000:0001',
      'fd00:0000:0000:0000:0000:0000:0000:0002',
    ]);
  });

  it('is not led astray by an interface name that is not UTF-8', () => {
    expect(parseIfInet6(fixture('if_inet6-odd-name'))).toHaveLength(4);
  });

  it.each(['', '\n', 'fe80::1 04 40 20 80 eth0\n', `${'0'.repeat(33)} 01 80 10 80 lo\n`])('passes over %j', (text) => {
    expect(parseIfInet6(text)).toEqual([]);
  });
});

describe('readOwnAddresses', () => {
  function makeProc(files: readonly string[]): string {
    const root = makeRoot();
    mkdirSync(`${root}/net`);
    for (const file of files) copyFileSync(new URL(file, FIXTURES), `${root}/net/${file}`);
    return root;
  }

  it('joins both families in the form it is given, without what that form refuses', () => {
    const canonical = (address: string) => (address.startsWith('fe80') ? undefined : `<${address}>`);
    expect([...readOwnAddresses(makeProc(['fib_trie', 'if_inet6']), canonical)]).toEqual([
      '<127.0.0.1>',
      '<192.0.2.2>',
      '<0000:0000:0000:0000:0000:0000:0000:0001>',
      '<fd00:0000:0000:0000:0000:0000:0000:0002>',
    ]);
  });

  it('has fewer addresses when a file is missing or unreadable', () => {
    expect(readOwnAddresses(makeProc(['fib_trie']), asIs)).toEqual(new Set(['127.0.0.1', '192.0.2.2']));
    expect(readOwnAddresses(makeProc(['if_inet6']), asIs).size).toBe(3);
    expect(readOwnAddresses(`${makeRoot()}/none`, asIs)).toEqual(new Set());
    const root = makeRoot();
    mkdirSync(`${root}/net/fib_trie`, { recursive: true });
    expect(readOwnAddresses(root, asIs)).toEqual(new Set());
  });

  it('asks the system for IPv4 when the routing table is too long to read', () => {
    const root = makeProc(['if_inet6']);
    const leaf = (index: number) =>
      `  |-- 10.${index >> 16}.${(index >> 8) & 255}.${index & 255}\n     /32 link UNICAST\n`;
    const routes = Array.from({ length: 40_000 }, (_, index) => leaf(index)).join('');
    writeFileSync(`${root}/net/fib_trie`, `Main:\n${routes}  |-- 192.0.2.77\n     /32 host LOCAL\n`);
    const configured = Object.values(networkInterfaces()).flatMap((each = []) =>
      each.filter((one) => one.family === 'IPv4'),
    );

    const found = readOwnAddresses(root, asIs);
    expect([...found].filter((address) => address.includes('.'))).toEqual([
      ...new Set(configured.map((one) => one.address)),
    ]);
    expect(found.has('fd00:0000:0000:0000:0000:0000:0000:0002')).toBe(true);
  });
});
