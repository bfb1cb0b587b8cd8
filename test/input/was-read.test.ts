import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { wasRead } from '../../src/input/was-read.ts';
import { follow } from './follow.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'was-read-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('knows the followed log under a name that rotation gave it and that is no sibling of its own', () => {
  const [log, past] = [join(directory, 'kern.log'), join(directory, 'kern-20261122.log')];
  writeFileSync(log, 'one\n');
  const { input } = follow(log, 'start');
  input.step();
  renameSync(log, past);
  writeFileSync(log, 'two\n');
  const positions = input.position()?.files ?? [];
  expect(wasRead(past, positions)).toBe(true);
  expect(wasRead(log, positions)).toBe(false);
  expect(wasRead(join(directory, 'missing'), positions)).toBe(false);
});
