import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepUnknown } from '../../src/checkpoint/keep-unknown.ts';

describe('what this release does not know', () => {
  it.each([
    { what: 'keys', older: { a: 1, later: 2 }, newer: { a: 3 }, kept: { a: 3, later: 2 } },
    {
      what: 'keys inside',
      older: { ledger: { events: { x: { totals: [1], window: [9] } } } },
      newer: { ledger: { events: { x: { totals: [2] } } } },
      kept: { ledger: { events: { x: { totals: [2], window: [9] } } } },
    },
    { what: 'what is undefined', older: { seen: 5 }, newer: { seen: undefined }, kept: { seen: 5 } },
    { what: 'nothing of a list', older: { list: [1, 2, 3] }, newer: { list: [4] }, kept: { list: [4] } },
    { what: 'nothing of what became something else', older: { a: { b: 1 } }, newer: { a: 2 }, kept: { a: 2 } },
    { what: 'nothing when there was nothing', older: undefined, newer: { a: 1 }, kept: { a: 1 } },
  ])('is kept: $what', ({ older, newer, kept }) => {
    expect(keepUnknown<unknown>(older, newer)).toEqual(kept);
  });

  it('never gets the better of what is known', () => {
    const keys = fc.string().filter((key) => key !== '__proto__');
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.array(fc.integer(), { maxLength: 3 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, tree, (older, newer) => {
        const kept = keepUnknown<unknown>(older, newer);
        expect(kept).toMatchObject({ ...asObject(newer) });
        // Going back a release and forth again.
        expect(keepUnknown<unknown>(kept, newer)).toEqual(kept);
      }),
    );
  });

  it('leaves both as they are', () => {
    const older = { a: { b: 1 } };
    const newer = { a: { c: 2 } };
    keepUnknown<unknown>(older, newer);
    expect([older, newer]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
  });
});

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
