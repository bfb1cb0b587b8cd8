import { describe, expect, it } from 'vitest';
import { Busy, FairQueue } from '../../../src/web/protection/fair-queue.ts';
import { signal } from '../signal.ts';

/** A queue whose first job hangs until it is let go, and the names of the jobs that were begun. */
function hanging(max: number) {
  const queue = new FairQueue<string>(max);
  const begun: string[] = [];
  const release = signal();
  const ask = (client: string, name: string) =>
    queue.do(client, async () => {
      begun.push(name);
      return name;
    });
  const first = queue.do('first', () => release.promise.then(() => 'first'));
  return { queue, begun, ask, first, release: release.resolve };
}

describe('FairQueue', () => {
  it('does one job at a time, and one of each client in turn', async () => {
    const { ask, begun, first, release } = hanging(10);
    const all = [ask('a', 'a1'), ask('a', 'a2'), ask('a', 'a3'), ask('b', 'b1'), ask('b', 'b2'), ask('c', 'c1')];
    expect(begun).toEqual([]);
    release();
    expect(await Promise.all([first, ...all])).toEqual(['first', 'a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('takes the place of a new client from the one that has the most', async () => {
    const { ask, release } = hanging(3);
    const [a1, a2, a3] = [ask('a', 'a1'), ask('a', 'a2'), ask('a', 'a3')];
    const refused = expect(a3).rejects.toThrow(Busy);
    const b1 = ask('b', 'b1');
    await refused;
    release();
    expect(await Promise.all([a1, a2, b1])).toEqual(['a1', 'a2', 'b1']);
  });

  it('refuses one more of the client that has the most, and a client when all have as many', async () => {
    const { ask, release } = hanging(2);
    const a1 = ask('a', 'a1');
    const b1 = ask('b', 'b1');
    await expect(ask('a', 'a2')).rejects.toThrow(Busy);
    await expect(ask('c', 'c1')).rejects.toThrow(Busy);
    release();
    expect(await Promise.all([a1, b1])).toEqual(['a1', 'b1']);
  });

  it('goes on after a job that fails', async () => {
    const { queue, ask, release } = hanging(3);
    const failing = expect(queue.do('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const b1 = ask('b', 'b1');
    release();
    await failing;
    expect(await b1).toBe('b1');
    expect(await ask('b', 'b2')).toBe('b2');
  });
});
