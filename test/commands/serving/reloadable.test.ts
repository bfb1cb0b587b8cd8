import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reloadable } from '../../../src/commands/serving/reloadable.ts';
import { createLog } from '../../../src/log/log.ts';
import { makeDirectory } from '../../input/follow.ts';

function makeReloadable() {
  const file = `${makeDirectory()}/policy.yml`;
  const lines: string[] = [];
  let now = 5_000;
  const log = createLog(
    'info',
    'logfmt',
    (text) => lines.push(text),
    () => now,
  );
  const read = () => Number.parseInt(readFileSync(file, 'utf8'), 10) || fail(file);
  const fail = (place: string) => {
    throw new Error(`${place}:1: No number`);
  };
  return {
    file,
    lines,
    kept: reloadable(file, 1, read, log, () => now),
    advance: (to: number) => {
      now = to;
    },
  };
}

describe('reloadable', () => {
  it('begins with what was read at the start', () => {
    const { kept, file } = makeReloadable();
    expect(kept.current).toBe(1);
    expect(kept.status).toEqual({ file, successful: true, successTimestamp: 5 });
  });

  it('takes what the file says now', () => {
    const { kept, file, advance } = makeReloadable();
    writeFileSync(file, '2');
    advance(7_000);
    kept.reload();
    expect(kept.current).toBe(2);
    expect(kept.status).toEqual({ file, successful: true, successTimestamp: 7 });
  });

  it('keeps what is in force when the file is wrong or gone, and says so', () => {
    const { kept, file, lines, advance } = makeReloadable();
    advance(7_000);
    kept.reload();
    expect(lines.at(-1)).toMatch(/level=error msg="Configuration refused: the one before stays in force".*ENOENT/);
    writeFileSync(file, 'x');
    kept.reload();
    expect(lines.at(-1)).toContain(`${file}:1: No number`);
    expect(kept.current).toBe(1);
    expect(kept.status).toEqual({ file, successful: false, successTimestamp: 5 });
  });
});
