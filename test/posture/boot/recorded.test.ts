import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KnownApplier } from '../../../src/posture/boot/appliers.ts';
import { APPLIERS } from '../../../src/posture/boot/appliers.ts';
import type { Tree } from './make-tree.ts';
import { predictAll, readTree, writtenValues } from './predictions.ts';

const FIXTURES = new URL('../../fixtures/boot/', import.meta.url);
const BOTH = Object.keys(APPLIERS) as KnownApplier[];
const BEFORE = 7;

type Values = Record<string, number>;
type HandCase = { title: string; tree: Tree } & Record<KnownApplier, Values>;
interface Vector {
  files: Tree;
  initial: number;
  interfaces: string[];
  systemd252: Values;
  procps402: Values;
}

describe.each(BOTH)('what %s did', (applier) => {
  const handCases: HandCase[] = JSON.parse(readFileSync(new URL('hand-cases.json', FIXTURES), 'utf8'));

  it.each(handCases)('with $title', ({ tree, [applier]: values }) => {
    const predictions = predictAll(readTree(applier, tree), Object.keys(values));
    expect(writtenValues(predictions, BEFORE)).toEqual(values);
  });

  it('with 1,000 random trees', () => {
    const lines = gunzipSync(readFileSync(new URL('boot-vectors.jsonl.gz', FIXTURES))).toString();
    const vectors: Vector[] = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(vectors).toHaveLength(1_000);
    const mismatches = vectors.filter(({ files, interfaces, initial, systemd252, procps402 }) => {
      const written = writtenValues(predictAll(readTree(applier, files), interfaces), initial);
      const values = applier === 'systemd' ? systemd252 : procps402;
      return interfaces.some((name) => written[name] !== values[name]);
    });
    expect(mismatches).toEqual([]);
  });
});
