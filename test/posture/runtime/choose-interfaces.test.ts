import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, chooseInterfaces } from '../../../src/posture/runtime/choose-interfaces.ts';

type Violates = 'effective' | 'runtime' | 'persisted';

function candidate(label: string, ...violates: Violates[]): Candidate {
  return {
    label,
    name: Buffer.from(label),
    effectiveViolator: violates.includes('effective'),
    runtimeViolator: violates.includes('runtime'),
    persistedViolator: violates.includes('persisted'),
  };
}

const never = () => {
  throw new Error('Asked for a device without need');
};

describe('chooseInterfaces', () => {
  const candidates = [
    candidate('veth2'),
    candidate('eth1'),
    candidate('after-boot', 'persisted'),
    candidate('bad-now', 'runtime', 'persisted'),
    candidate('zz-worst', 'effective', 'runtime'),
    candidate('aa-worst', 'effective'),
    candidate('veth1'),
    candidate('eth0'),
    candidate('lo'),
  ];
  const isPhysical = ({ label }: Candidate) => label.startsWith('eth');

  it.each([
    [-1, []],
    [0, []],
    [1, ['all']],
    [2, ['all', 'default']],
    [3, ['all', 'default', 'lo']],
    [4, ['all', 'default', 'lo', 'aa-worst']],
    [5, ['all', 'default', 'lo', 'aa-worst', 'zz-worst']],
    [6, ['all', 'default', 'lo', 'aa-worst', 'zz-worst', 'bad-now']],
    [7, ['all', 'default', 'lo', 'aa-worst', 'zz-worst', 'bad-now', 'after-boot']],
    [8, ['all', 'default', 'lo', 'aa-worst', 'zz-worst', 'bad-now', 'after-boot', 'eth0']],
    [10, ['all', 'default', 'lo', 'aa-worst', 'zz-worst', 'bad-now', 'after-boot', 'eth0', 'eth1', 'veth1']],
  ])('with %d places takes them in order of need', (max, expected) => {
    expect([...chooseInterfaces(candidates, max, isPhysical)]).toEqual(expected);
  });

  it('takes all without asking for devices when there is room', () => {
    expect(chooseInterfaces(candidates, 11, never).size).toBe(11);
  });

  it('does not ask for devices when the violators fill every place', () => {
    expect(chooseInterfaces(candidates, 7, never).size).toBe(7);
  });

  it('never takes more than the limit, and never fewer than it can', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }).filter((name) => name !== 'all' && name !== 'default'));
    fc.assert(
      fc.property(names, fc.nat(20), (labels, max) => {
        const chosen = chooseInterfaces(
          labels.map((label) => candidate(label)),
          max,
          () => false,
        );
        return chosen.size === Math.min(max, labels.length + 2);
      }),
    );
  });
});
