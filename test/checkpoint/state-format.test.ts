import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { State } from '../../src/checkpoint/state.ts';
import { decodeState, encodeState } from '../../src/checkpoint/state-format.ts';
import { sampleState } from './sample-state.ts';

const TEXT = encodeState(sampleState(7));

/** A file whose checksum is right, whatever it holds. */
function sealed(state: unknown, { format = 'srcroute-exporter-state', major = 1 as unknown } = {}): string {
  const sha256 = createHash('sha256')
    .update(JSON.stringify(state) ?? '')
    .digest('hex');
  return JSON.stringify({ format, major, sha256, state });
}

describe('a state file', () => {
  it('gives back what was put into it, also what this release does not know', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    const anyState = fc.record({
      ledger: fc.tuple(object, object).map(([more, events]) => ({ ...more, events })),
      inputs: object,
      later: fc.jsonValue(),
    });
    fc.assert(
      fc.property(anyState, (state) => {
        const decoded = decodeState(encodeState(state as unknown as State));
        expect(JSON.stringify(decoded)).toBe(JSON.stringify(state));
      }),
    );
  });

  it('is one line of text', () => {
    expect(TEXT).toMatch(/^\{[^\n]+\}\n$/);
  });

  it('that was cut off anywhere is damaged', () => {
    for (let length = 0; length < TEXT.length - 1; length++) {
      expect([length, decodeState(TEXT.slice(0, length))]).toEqual([length, 'damaged']);
    }
    // All but the end of the line is all of it.
    expect(decodeState(TEXT.slice(0, -1))).toEqual(decodeState(TEXT));
  });

  it('of which any one character was altered is damaged, or not of this version', () => {
    for (let index = 0; index < TEXT.length - 1; index++) {
      for (const character of ['0', 'x', '"', ' ', '\0']) {
        if (TEXT[index] === character) continue;
        const altered = TEXT.slice(0, index) + character + TEXT.slice(index + 1);
        const verdict = decodeState(altered);
        // White space between what JSON is made of cannot be told from none.
        expect([index, altered, typeof verdict]).toEqual([index, altered, 'string']);
      }
    }
  });

  it.each([
    ['empty', ''],
    ['null', 'null'],
    ['a number', '1'],
    ['a list', '[]'],
    ['another JSON', '{"version":1,"counters":{}}'],
    ['not text', '\xff\xfe\0\0'],
    ['of another program', sealed(sampleState(1), { format: 'another-exporter-state' })],
    ['without a state', sealed(undefined)],
    ['without a ledger', sealed({ inputs: {} })],
    ['without inputs', sealed({ ledger: { events: {} } })],
    ['with a list for a ledger', sealed({ ledger: [], inputs: {} })],
    ['without events', sealed({ ledger: {}, inputs: {} })],
  ])('that is %s is damaged', (_, text) => {
    expect(decodeState(text)).toBe('damaged');
  });

  it.each([0, 2, 1.5, '1', null, undefined])('of the major version %s is not supported', (major) => {
    expect(decodeState(sealed({ quite: 'different' }, { major: major === undefined ? null : major }))).toBe(
      'unsupported',
    );
  });

  it('of the same major version is read whatever else it has', () => {
    const state = { ...sampleState(1), later: { release: ['knows', 'more'] } };
    const text = JSON.stringify({ ...JSON.parse(sealed(state)), writtenBy: '9.9.9' });
    expect(decodeState(text)).toEqual(JSON.parse(JSON.stringify(state)));
  });
});

describe('the state file of the first release', () => {
  const text = readFileSync(new URL('../fixtures/state/0.1.0.json', import.meta.url), 'utf8');

  it('is read', () => {
    expect(decodeState(text)).toBeTypeOf('object');
  });
});
