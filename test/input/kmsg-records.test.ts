import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KmsgRecords } from '../../src/input/kmsg-records.ts';
import { newInputStats } from '../../src/input/record.ts';

function reader() {
  const stats = newInputStats();
  const records = new KmsgRecords(stats, (microseconds) => 1_000 + microseconds / 1e6);
  return { stats, records };
}

describe('KmsgRecords', () => {
  it('makes a record of a text, with everything that was read for people', () => {
    const { stats, records } = reader();
    const text = '6,410,2500000,-,caller=T1;a message\n SUBSYSTEM=net\n';
    const record = records.read(text, false);
    expect(record).toMatchObject({ message: 'a message', fromKernel: true, repeat: 1, raw: text });
    expect(record?.time()).toBe(1_002.5);
    expect(stats).toMatchObject({ records: 1, lost: 0 });
  });

  it.each([
    ['6', true],
    ['7', true],
    ['8', false],
    ['12', false],
    ['191', false],
  ])('knows by the prefix %s whether the kernel wrote it', (prefix, fromKernel) => {
    expect(reader().records.read(`${prefix},1,1,-;text`, false)?.fromKernel).toBe(fromKernel);
  });

  it.each([
    ['none are missing', [5, 6, 7], 0],
    ['some are missing', [5, 8, 9, 12], 4],
    ['the ring was overrun', [0, 1_637, 1_638], 1_636],
    ['the first is not the first of the boot', [900], 0],
    ['another boot begins', [900, 901, 0, 1], 0],
    ['another boot begins with a gap', [900, 901, 3, 5], 1],
    ['a fragment repeats its number', [5, 5, 6], 0],
  ])('counts as lost what the numbers tell when %s', (_, sequences, lost) => {
    const { stats, records } = reader();
    for (const sequence of sequences) records.read(`6,${sequence},1,-;text`, true);
    expect(stats).toMatchObject({ records: sequences.length, lost });
  });

  it('finds last − first + 1 = read + lost, whatever was overwritten', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1_000), { minLength: 1 }), (numbers) => {
        const { stats, records } = reader();
        const sequences = numbers.sort((a, b) => a - b);
        for (const sequence of sequences) records.read(`6,${sequence},1,-;text`, false);
        const [first, last] = [sequences[0] as number, sequences.at(-1) as number];
        expect(stats.records + stats.lost).toBe(last - first + 1);
        expect(records.next).toBe(last + 1);
      }),
    );
  });

  it('passes over dictionary lines of a capture', () => {
    const { stats, records } = reader();
    expect(records.read(' SUBSYSTEM=net', true)).toBeUndefined();
    expect(stats.records).toBe(0);
  });

  it.each(['', 'text', '6,1', '6,18446744073709551615,1,-;text', '\0\0\0'])('counts %j as malformed', (text) => {
    const { stats, records } = reader();
    records.read('6,5,1,-;text', true);
    expect(records.read(text, true)).toBeUndefined();
    records.read('6,6,1,-;text', true);
    expect(stats).toMatchObject({ records: 3, lost: 0, rejected: { malformed: 1 } });
  });

  it('counts a record of the device that begins with a space: there a dictionary never stands alone', () => {
    const { stats, records } = reader();
    records.read(' SUBSYSTEM=net', false);
    expect(stats).toMatchObject({ records: 1, rejected: { malformed: 1 } });
  });
});
