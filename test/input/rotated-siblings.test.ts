import { chmodSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rotatedSiblings } from '../../src/input/rotated-siblings.ts';
import { asNobody, isNobodyHere } from '../as-nobody.ts';
import { makeDirectory } from './follow.ts';

/** A directory with empty files, each a second younger than the one before. */
function makeFiles(...names: string[]): string {
  const directory = makeDirectory();
  names.forEach((name, index) => {
    writeFileSync(`${directory}/${name}`, name);
    utimesSync(`${directory}/${name}`, 1_000_000 + index, 1_000_000 + index);
  });
  return directory;
}
const names = (directory: string) =>
  rotatedSiblings(`${directory}/kern.log`).map(({ path }) => path.replace(`${directory}/`, ''));

describe('rotatedSiblings', () => {
  it('are the files that rotation names, oldest first', () => {
    const directory = makeFiles('kern.log.3', 'kern.log-20261121', 'kern.log.1', 'kern.log.old', 'kern.log');
    expect(names(directory)).toEqual(['kern.log.3', 'kern.log-20261121', 'kern.log.1', 'kern.log.old']);
  });

  it('are no other files', () => {
    expect(names(makeFiles('kern.log', 'kern.logs', 'kern.log1', 'xkern.log.1', 'kern', 'syslog.1'))).toEqual([]);
  });

  it('are not compressed', () => {
    const compressed = ['gz', 'bz2', 'xz', 'zst', 'lz4', 'Z'].map((extension) => `kern.log.2.${extension}`);
    expect(names(makeFiles(...compressed, 'kern.log.1', 'kern.log.gz.1'))).toEqual(['kern.log.1', 'kern.log.gz.1']);
  });

  it('are no directories, and no links to nothing or to themselves', () => {
    const directory = makeFiles('kern.log.1');
    mkdirSync(`${directory}/kern.log.d`);
    symlinkSync(`${directory}/none`, `${directory}/kern.log.none`);
    symlinkSync(`${directory}/kern.log.loop`, `${directory}/kern.log.loop`);
    expect(names(directory)).toEqual(['kern.log.1']);
  });

  it('may be links to files', () => {
    const directory = makeFiles('elsewhere');
    symlinkSync(`${directory}/elsewhere`, `${directory}/kern.log.1`);
    expect(rotatedSiblings(`${directory}/kern.log`)).toMatchObject([{ inode: statSync(`${directory}/elsewhere`).ino }]);
  });

  it('are none in a directory that is not there or not one', () => {
    const directory = makeFiles('file');
    expect(rotatedSiblings(`${directory}/none/kern.log`)).toEqual([]);
    expect(rotatedSiblings(`${directory}/file/kern.log`)).toEqual([]);
  });

  it.runIf(isNobodyHere())('are none that may not be read', () => {
    const directory = makeFiles('kern.log.1', 'kern.log.2');
    chmodSync(directory, 0o755);
    chmodSync(`${directory}/kern.log.1`, 0);
    chmodSync(`${directory}/kern.log.2`, 0o644);
    expect(asNobody(() => names(directory))).toEqual(['kern.log.2']);
  });
});
