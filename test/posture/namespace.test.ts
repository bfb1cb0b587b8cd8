import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readHostNetworkNamespace } from '../../src/posture/namespace.ts';
import { makeRoot } from './make-proc.ts';

it.each([
  [['somaxconn', 'message_cost'], 1],
  [['message_cost'], 1],
  [['somaxconn'], 0],
  [[], undefined],
] as const)('with %j is %s', (files, expected) => {
  const root = makeRoot();
  mkdirSync(`${root}/sys/net/core`, { recursive: true });
  for (const file of files) writeFileSync(`${root}/sys/net/core/${file}`, '5\n');
  expect(readHostNetworkNamespace(root)).toBe(expected);
});

it('cannot tell without a proc file system', () => {
  expect(readHostNetworkNamespace(`${makeRoot()}/none`)).toBeUndefined();
});

it('cannot tell when the file may not be looked at', () => {
  const root = makeRoot();
  mkdirSync(`${root}/sys/net/core`, { recursive: true });
  writeFileSync(`${root}/sys/net/core/somaxconn`, '4096\n');
  symlinkSync('message_cost', `${root}/sys/net/core/message_cost`);
  expect(readHostNetworkNamespace(root)).toBeUndefined();
});
