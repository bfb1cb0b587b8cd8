import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '../../src/input/lines.ts';
import { follow, makeDirectory, until } from './follow.ts';

function makeLog(text?: string): string {
  const path = `${makeDirectory()}/kern.log`;
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

/** `<from>\n…<to>\n` */
function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}
const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');

describe('a file that is there', () => {
  it('is read from its start when that is wanted', () => {
    const log = follow(makeLog('a\nb\n'), 'start');
    expect(log.poll()).toEqual(['a', 'b']);
    expect(log.input.stats).toMatchObject({ records: 2, reopens: 0, unreadBytes: 0 });
  });

  it('is read from its end when that is wanted', () => {
    const path = makeLog('a\nb\n');
    const log = follow(path, 'end');
    expect(log.poll()).toEqual([]);
    appendFileSync(path, 'c\n');
    expect(log.poll()).toEqual(['c']);
  });

  it('is read from where its end was when we began, not when we came to look', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'end');
    appendFileSync(path, 'b\n');
    expect(log.poll()).toEqual(['b']);
  });

  it('that ends in half a line gives that line whole, from its end too', () => {
    const path = makeLog('a\nhal');
    const log = follow(path, 'end');
    expect(log.poll()).toEqual([]);
    appendFileSync(path, 'f\n');
    expect(log.poll()).toEqual(['half']);
  });

  it('that is empty gives what comes', () => {
    const path = makeLog('');
    const log = follow(path, 'end');
    log.poll();
    appendFileSync(path, 'a\n');
    expect(log.poll()).toEqual(['a']);
  });

  it('has lines that take several steps to be written', () => {
    const path = makeLog('');
    const log = follow(path, 'start');
    for (const piece of ['one ', 'line', '']) {
      appendFileSync(path, piece);
      expect(log.poll()).toEqual([]);
    }
    appendFileSync(path, '\ntwo\nth');
    expect(log.poll()).toEqual(['one line', 'two']);
    appendFileSync(path, 'ree\r\n');
    expect(log.poll()).toEqual(['three']);
  });

  it('is handed on one character a byte', () => {
    const log = follow(makeLog('é\0\n'), 'start');
    expect(log.poll()).toEqual(['\xc3\xa9\0']);
  });

  it('has lines that are too long: skipped and counted', () => {
    const path = makeLog(`a\n${'x'.repeat(MAX_LINE_BYTES + 1)}\nb\n${'x'.repeat(MAX_LINE_BYTES)}\n`);
    const log = follow(path, 'start');
    expect(log.poll().map((line) => line.length)).toEqual([1, 1, MAX_LINE_BYTES]);
    expect(log.input.stats).toMatchObject({ records: 4, rejected: { oversize: 1 } });
  });

  it('has a line that is too long and takes several steps: its end is no line of its own', () => {
    const path = makeLog('x'.repeat(MAX_LINE_BYTES));
    const log = follow(path, 'start');
    log.poll();
    for (let piece = 0; piece < 3; piece++) {
      appendFileSync(path, 'x'.repeat(MAX_LINE_BYTES));
      expect(log.poll()).toEqual([]);
    }
    appendFileSync(path, 'Nov 22 09:41:35 host kernel: forged\nnext\n');
    expect(log.poll()).toEqual(['next']);
    expect(log.input.stats).toMatchObject({ records: 2, rejected: { oversize: 1 } });
  });

  it('that is large is read over several steps, so that others get their turn', () => {
    const texts = numbers(1, 200_000);
    const log = follow(makeLog(lines(texts)), 'start');
    expect(log.once().length).toBeLessThan(texts.length);
    expect(log.input.stats.unreadBytes).toBeGreaterThan(0);
    log.poll();
    expect(log.read).toEqual(texts);
    expect(log.input.stats.unreadBytes).toBe(0);
  });

  it('tells by inotify that something came, before its time', async () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    let woken = 0;
    log.input.onWake(() => {
      woken += 1;
    });
    appendFileSync(path, 'b\n');
    await until(() => woken > 0);
    // The clock stands: what comes now was not found by polling.
    expect(log.after(0)).toEqual(['b']);
  });

  it('is read without a word of inotify', () => {
    const path = makeLog('');
    const log = follow(path, 'start');
    const texts = numbers(1, 20);
    for (const text of texts) {
      appendFileSync(path, `${text}\n`);
      log.poll();
    }
    expect(log.read).toEqual(texts);
  });

  it('is not read twice when inotify and polling both find it', async () => {
    const path = makeLog('');
    const log = follow(path, 'start');
    log.poll();
    const texts = numbers(1, 200);
    for (const text of texts) {
      appendFileSync(path, `${text}\n`);
      if (Number(text) % 3 === 0) log.poll();
      if (Number(text) % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (Number(text) % 11 === 0) log.after(0);
    }
    log.poll();
    expect(log.read).toEqual(texts);
  });
});

describe('a name without a file', () => {
  it('is trouble that says so, until there is one: read from its start', () => {
    const path = makeLog();
    const log = follow(path, 'end');
    expect(log.poll()).toEqual([]);
    expect(log.trouble).toBe(
      `Cannot read ${path}: it does not exist yet; it is read from its start as soon as it does`,
    );
    writeFileSync(path, 'a\n');
    expect(log.poll()).toEqual(['a']);
    expect(log.trouble).toBeUndefined();
    expect(log.input.stats.reopens).toBe(0);
  });

  it('that is a directory is trouble that says so', () => {
    const path = makeLog();
    mkdirSync(path);
    const log = follow(path, 'start');
    log.poll();
    expect(log.trouble).toBe(`Cannot read ${path}: it is not a regular file`);
    rmSync(path, { recursive: true });
    writeFileSync(path, 'a\n');
    expect(log.poll()).toEqual(['a']);
  });

  it('is no trouble for the five seconds that a rotation may take', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    for (let waited = 0; waited < 5_000; waited += 250) {
      log.after(250);
      expect(log.trouble).toBeUndefined();
    }
    log.after(250);
    expect(log.trouble).toContain(`Cannot read ${path}: it does not exist yet`);
    writeFileSync(path, 'b\n');
    expect(log.poll()).toEqual(['b']);
    expect(log.trouble).toBeUndefined();
  });

  it('is counted from when it was last seen, not from an earlier rotation', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    for (let round = 0; round < 3; round++) {
      renameSync(path, `${path}.1`);
      log.poll();
      log.after(3_000);
      expect(log.trouble).toBeUndefined();
      writeFileSync(path, `${round}\n`);
      expect(log.poll()).toEqual([String(round)]);
    }
  });

  it('does not stop the reading of the file that bore it', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    log.poll();
    log.after(10_000);
    appendFileSync(`${path}.1`, 'b\n');
    expect(log.poll()).toEqual(['b']);
    expect(log.trouble).toBeDefined();
  });

  it('lets go of the deleted file that bore it', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    const inode = statSync(path).ino;
    unlinkSync(path);
    expect(openInodes()).toContain(inode);
    log.poll();
    log.after(5_000);
    expect(openInodes()).not.toContain(inode);
  });
});

describe('rotation', () => {
  it('by rename and create loses nothing', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    appendFileSync(path, 'b\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\n');
    expect(log.poll()).toEqual(['b', 'c']);
    expect(log.input.stats.reopens).toBe(1);
  });

  it('leaves the lines alone that a writer still puts into the old file: they are read', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\n');
    expect(log.poll()).toEqual(['c']);
    appendFileSync(`${path}.1`, 'late\n');
    expect(log.poll()).toEqual(['late']);
    appendFileSync(`${path}.1`, 'later\n');
    expect(log.after(4_000)).toEqual(['later']);
    expect(log.input.stats).toMatchObject({ records: 4, reopens: 1 });
  });

  it('in the middle of a line puts the line together', () => {
    const path = makeLog('hal');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'new\n');
    expect(log.poll()).toEqual(['new']);
    appendFileSync(`${path}.1`, 'f\n');
    expect(log.poll()).toEqual(['half']);
  });

  it('counts a line whose end never comes', () => {
    const path = makeLog('a\nhal');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'b\n');
    log.poll();
    log.after(6_000);
    expect(log.read).toEqual(['a', 'b']);
    expect(log.input.stats).toMatchObject({ records: 3, rejected: { malformed: 1 } });
  });

  it('counts a line that is too long and whose end never comes', () => {
    const path = makeLog(`a\n${'x'.repeat(MAX_LINE_BYTES + 1)}`);
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'b\n');
    log.poll();
    log.after(6_000);
    expect(log.read).toEqual(['a', 'b']);
    const { records, rejected } = log.input.stats;
    expect({ records, rejected: rejected.malformed + rejected.oversize }).toEqual({ records: 3, rejected: 1 });
  });

  it.each([
    ['.2', '.1'],
    ['-20261121', '-20261122'],
  ])('twice between two steps loses nothing (%s, %s)', (older, newer) => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    appendFileSync(path, 'b\n');
    renameSync(path, path + older);
    writeFileSync(path, 'c\n');
    renameSync(path, path + newer);
    writeFileSync(path, 'd\n');
    expect(log.poll()).toEqual(['b', 'c', 'd']);
    expect(log.input.stats.reopens).toBe(2);
  });

  it('many times between two steps loses nothing', () => {
    const path = makeLog('0\n');
    const log = follow(path, 'start');
    log.poll();
    for (let round = 1; round <= 5; round++) {
      const stamp = new Date(Date.parse('2030-01-01T00:00:00Z') + round * 1_000);
      utimesSync(path, stamp, stamp);
      renameSync(path, `${path}.${6 - round}`);
      writeFileSync(path, `${round}\n`);
    }
    const last = new Date('2030-01-01T01:00:00Z');
    utimesSync(path, last, last);
    expect(log.poll()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('does not read what was rotated before we began', () => {
    const path = makeLog('a\n');
    writeFileSync(`${path}.1`, 'old\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(`${path}.1`, `${path}.2`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'b\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b']);
  });

  it('does not read what is older than the file that was followed', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    writeFileSync(`${path}.restored`, 'old\n');
    utimesSync(`${path}.restored`, new Date('2020-01-01'), new Date('2020-01-01'));
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'b\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b']);
  });

  it('does not read compressed files', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'b\n');
    writeFileSync(`${path}.1.gz`, 'not lines\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b']);
  });

  it('reads nothing again when a copy of the log lies beside it', () => {
    const path = makeLog('a\nb\n');
    const log = follow(path, 'start');
    log.poll();
    copyFileSync(path, `${path}.backup`);
    log.poll();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b', 'c']);
  });

  it('goes on in a copy that took the place of the file', () => {
    const path = makeLog('a\nb\nhal');
    const log = follow(path, 'start');
    log.poll();
    copyFileSync(path, `${path}~`);
    appendFileSync(`${path}~`, 'f\nc\n');
    renameSync(`${path}~`, path);
    log.poll();
    expect(log.read).toEqual(['a', 'b', 'half', 'c']);
  });

  it('goes on in the file that gets its name back', () => {
    const path = makeLog('a\nb\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    log.poll();
    appendFileSync(`${path}.1`, 'c\n');
    renameSync(`${path}.1`, path);
    log.poll();
    appendFileSync(path, 'd\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b', 'c', 'd']);
    expect(log.input.stats.reopens).toBe(0);
  });

  it.each([250, 60_000])('goes on in a file that gets its name back from another, %d ms later', (milliseconds) => {
    const path = makeLog('a\nb\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\n');
    log.poll();
    log.after(milliseconds);
    renameSync(`${path}.1`, path);
    appendFileSync(path, 'd\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b', 'c', 'd']);
  });

  it('counts one reopening however often the new file refuses to be opened', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    mkdirSync(path);
    for (let round = 0; round < 5; round++) log.poll();
    expect(log.trouble).toMatch(/^Cannot read /);
    rmSync(path, { recursive: true });
    writeFileSync(path, 'b\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b']);
    expect(log.input.stats.reopens).toBe(1);
  });

  it('to a file that refuses to be opened does not keep back what comes into the old one', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    mkdirSync(path);
    log.poll();
    appendFileSync(`${path}.1`, 'b\n');
    expect(log.poll()).toEqual(['b']);
  });

  it('loses nothing, doubles nothing, whatever happens between two steps', () => {
    const action = fc.constantFrom('write', 'write half', 'rotate', 'rotate twice', 'late', 'step', 'step');
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 25 }), (actions) => {
        const path = makeLog('');
        const log = follow(path, 'start');
        log.poll();
        const written: string[] = [];
        let ending = '';
        let rotations = 0;
        let rotatedAt = 0;
        let modified = Date.parse('2030-01-01T00:00:00Z');
        const write = (to: string, end = '\n') => {
          written.push(`${written.length} of ${'x'.repeat(written.length % 7)}`);
          appendFileSync(to, `${ending}${written.at(-1)}${end}`);
          ending = end === '' ? '\n' : '';
        };
        const rotate = () => {
          write(path);
          modified += 1_000;
          utimesSync(path, new Date(modified), new Date(modified));
          rotations += 1;
          rotatedAt = log.clock.ms;
          renameSync(path, `${path}.${rotations}`);
          writeFileSync(path, '');
          modified += 1_000;
          utimesSync(path, new Date(modified), new Date(modified));
        };
        for (const what of actions) {
          if (what === 'write') write(path);
          if (what === 'write half') write(path, '');
          if (what === 'rotate') rotate();
          if (what === 'rotate twice') {
            rotate();
            rotate();
          }
          // No writer is that late: an old file is read for five seconds.
          const isLate = rotations > 0 && log.clock.ms - rotatedAt < 4_000;
          if (what === 'late' && isLate && ending === '') {
            log.poll();
            write(`${path}.${rotations}`);
          }
          if (what === 'step') log.poll();
        }
        appendFileSync(path, ending);
        log.poll();
        log.poll();
        expect(log.read.toSorted()).toEqual(written.toSorted());
        log.input.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe('truncation', () => {
  it('goes on at the start', () => {
    const path = makeLog('a\nb\n');
    const log = follow(path, 'start');
    log.poll();
    truncateSync(path);
    log.poll();
    appendFileSync(path, 'c\n');
    expect(log.poll()).toEqual(['c']);
    expect(log.input.stats.reopens).toBe(1);
  });

  it('between two steps, with less than before since', () => {
    const path = makeLog('aaaa\nbbbb\n');
    const log = follow(path, 'start');
    log.poll();
    writeFileSync(path, 'c\n');
    expect(log.poll()).toEqual(['c']);
  });

  it.each([
    ['as much as before', 'cccc\ndddd\n'],
    ['more than before', 'cccc\ndddd\neeee\n'],
  ])('between two steps, with %s since', (_, text) => {
    const path = makeLog('aaaa\nbbbb\n');
    const log = follow(path, 'start');
    log.poll();
    writeFileSync(path, text);
    expect(log.poll()).toEqual(text.trimEnd().split('\n'));
  });

  it('after a copy loses what was written between, and nothing more', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    appendFileSync(path, 'b\n');
    log.poll();
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    appendFileSync(path, 'c\n');
    log.poll();
    appendFileSync(path, 'd\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b', 'c', 'd']);
  });

  it('in the middle of a line leaves nothing of it to the next', () => {
    const path = makeLog('a\nhal');
    const log = follow(path, 'start');
    log.poll();
    writeFileSync(path, 'c\n');
    expect(log.poll()).toEqual(['c']);
  });

  it('by a writer that goes on at its old place: the hole is no line of ours, and the rest is read', () => {
    const path = makeLog(`${'a'.repeat(5_000)}\n`);
    const log = follow(path, 'start');
    log.poll();
    const hole = Buffer.alloc(5_001);
    writeFileSync(path, Buffer.concat([hole, Buffer.from('b\nc\n')]));
    expect(log.poll().slice(-1)).toEqual(['c']);
  });
});

describe('deletion', () => {
  it.each([0, 250, 4_000, 6_000, 60_000])('and creation %d ms later loses nothing', (milliseconds) => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    appendFileSync(path, 'b\n');
    unlinkSync(path);
    if (milliseconds > 0) {
      log.poll();
      log.after(milliseconds);
    }
    writeFileSync(path, 'c\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b', 'c']);
    expect(log.trouble).toBeUndefined();
  });

  it('and creation counts as a reopening, however long it took', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    unlinkSync(path);
    log.poll();
    log.after(60_000);
    writeFileSync(path, 'c\n');
    log.poll();
    expect(log.input.stats.reopens).toBe(1);
  });

  it('and creation after we began at the end: the new file is read from its start', () => {
    const path = makeLog('a\nb\nc\n');
    const log = follow(path, 'end');
    log.poll();
    const inode = statSync(path).ino;
    unlinkSync(path);
    log.poll();
    log.after(6_000);
    // Most file systems give the inode that was freed last out first; ten attempts make it nearly certain.
    for (let attempt = 0; attempt < 10; attempt++) {
      writeFileSync(`${path}~${attempt}`, 'd\ne\n');
      if (statSync(`${path}~${attempt}`).ino === inode || attempt === 9) {
        renameSync(`${path}~${attempt}`, path);
        break;
      }
    }
    expect(log.poll()).toEqual(['d', 'e']);
  });

  it('counts a line whose end never comes', () => {
    const path = makeLog('a\nhal');
    const log = follow(path, 'start');
    log.poll();
    unlinkSync(path);
    log.poll();
    log.after(60_000);
    expect(log.input.stats).toMatchObject({ records: 2, rejected: { malformed: 1 } });
  });

  it('and creation, then a rotation, all between two steps, loses nothing', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    unlinkSync(path);
    log.poll();
    log.after(6_000);
    writeFileSync(path, 'b\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'c\n');
    log.poll();
    expect(log.read).toEqual(['a', 'b', 'c']);
  });
});

describe('a symbolic link', () => {
  function makeLink(): { link: string; target: (name: string) => string; point: (name: string) => void } {
    const directory = makeDirectory();
    const link = `${directory}/current`;
    const target = (name: string) => `${directory}/log.${name}`;
    return {
      link,
      target,
      point(name) {
        symlinkSync(target(name), `${link}~`);
        renameSync(`${link}~`, link);
      },
    };
  }

  it('is followed to another file, and the first is read on for a while', () => {
    const { link, target, point } = makeLink();
    writeFileSync(target('a'), 'a\n');
    point('a');
    const log = follow(link, 'start');
    log.poll();
    appendFileSync(target('a'), 'b\n');
    writeFileSync(target('b'), 'c\n');
    point('b');
    expect(log.poll()).toEqual(['b', 'c']);
    appendFileSync(target('a'), 'late\n');
    expect(log.poll()).toEqual(['late']);
    expect(log.input.stats.reopens).toBe(1);
  });

  it.each([250, 60_000])('that comes back to a file after %d ms goes on where that was read to', (milliseconds) => {
    const { link, target, point } = makeLink();
    writeFileSync(target('a'), 'a\n');
    writeFileSync(target('b'), 'b\n');
    point('a');
    const log = follow(link, 'start');
    log.poll();
    point('b');
    log.poll();
    log.after(milliseconds);
    appendFileSync(target('a'), 'c\n');
    point('a');
    log.poll();
    expect(log.read).toEqual(['a', 'b', 'c']);
  });

  it('that points to nothing is a name without a file', () => {
    const { link, target, point } = makeLink();
    point('a');
    const log = follow(link, 'end');
    log.poll();
    expect(log.trouble).toMatch(/it does not exist yet/);
    writeFileSync(target('a'), 'a\n');
    expect(log.poll()).toEqual(['a']);
  });
});

describe('closing', () => {
  it('lets go of every file', () => {
    const path = makeLog('a\n');
    const log = follow(path, 'start');
    log.poll();
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'b\n');
    log.poll();
    const inodes = [statSync(path).ino, statSync(`${path}.1`).ino];
    expect(openInodes()).toEqual(expect.arrayContaining(inodes));
    log.input.close();
    for (const inode of inodes) expect(openInodes()).not.toContain(inode);
  });

  it('lets go of every file after many rotations and truncations', () => {
    const path = makeLog('');
    const log = follow(path, 'start');
    const before = readdirSync('/proc/self/fd').length;
    for (let round = 0; round < 50; round++) {
      appendFileSync(path, `${round}\n`);
      log.poll();
      if (round % 2 === 0) truncateSync(path);
      else renameSync(path, `${path}.1`);
      if (round % 2 === 1) writeFileSync(path, '');
      log.after(6_000);
    }
    expect(log.read).toEqual(numbers(0, 49));
    log.input.close();
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 10);
    expect(readFileSync(path, 'utf8')).toBe('');
  });
});

/** Inodes of the files that this process has open. */
function openInodes(): number[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [statSync(`/proc/self/fd/${fd}`).ino];
    } catch {
      return [];
    }
  });
}
