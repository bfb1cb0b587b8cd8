import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, chooseInterfaces } from '../../src/posture/choose-interfaces.ts';

function candidate(label: string, verdict: { effective?: boolean; runtime?: boolean } = {}): Candidate {
  const { effective = false, runtime = false } = verdict;
  return { label, name: Buffer.from(label), effectiveViolator: effective, runtimeViolator: runtime };
}

const never = () => {
  throw new Error('Asked for a device without need');
};

describe('chooseInterfaces', () => {
  const candidates = [
    candidate('veth2'),
    candidate('eth1'),
    candidate('bad-now', { runtime: true }),
    candidate('zz-worst', { effective: true, runtime: true }),
    candidate('aa-worst', { effective: true }),
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
    [7, ['all', 'default', 'lo', 'aa-worst', 'zz-worst', 'bad-now', 'eth0']],
    [9, ['all', 'default', 'lo', 'aa-worst', 'zz-worst', 'bad-now', 'eth0', 'eth1', 'veth1']],
  ])('with %d places takes them in order of need', (max, expected) => {
    expect([...chooseInterfaces(candidates, max, isPhysical)]).toEqual(expected);
  });

  it('takes all without asking for devices when there is room', () => {
    expect(chooseInterfaces(candidates, 10, never).size).toBe(10);
  });

  it('does not ask for devices when the violators fill every place', () => {
    expect(chooseInterfaces(candidates, 6, never).size).toBe(6);
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
