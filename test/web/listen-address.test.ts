import { describe, expect, it } from 'vitest';
import { parseListenAddress } from '../../src/web/listen-address.ts';

describe('parseListenAddress', () => {
  it.each([
    [':10131', undefined, 10131],
    [':0', undefined, 0],
    ['127.0.0.1:9000', '127.0.0.1', 9000],
    ['0.0.0.0:65535', '0.0.0.0', 65535],
    ['localhost:9000', 'localhost', 9000],
    ['node-1.example.org:80', 'node-1.example.org', 80],
    ['[::1]:9000', '::1', 9000],
    ['[::]:0', '::', 0],
    ['[fe80::1%eth0]:9000', 'fe80::1%eth0', 9000],
  ])('reads %s', (text, host, port) => {
    expect(parseListenAddress(text)).toEqual({ host, port, text });
  });

  it.each([
    ...[
      '',
      ':',
      '10131',
      'localhost',
      'host:',
      'host:99999',
      'host:65536',
      'host:-1',
      'host:0x50',
      'host:1e3',
      'host: 80',
    ],
    ...['::1:80', '::1', '[::1]', '[]:80', '[127.0.0.1]:80', '[::1:80', '::1]:80', '[host]:80'],
    ...[
      'a b:1',
      ' :80',
      ':80 ',
      ':80\n',
      'http://host:80',
      'host:80/metrics',
      '-host:80',
      '127.0.1:80',
      '999.1.1.1:80',
    ],
  ])('refuses %j in one line', (text) => {
    expect(() => parseListenAddress(text)).toThrow(SyntaxError);
    expect(() => parseListenAddress(text)).toThrow(/^Cannot parse listen address ".*": expected .*"\[ipv6\]:port".*$/);
  });
});
