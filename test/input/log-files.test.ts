import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isGlob, newLogFiles } from '../../src/input/log-files.ts';
import { makeDirectory } from './follow.ts';

function makeLogs(...names: string[]): string {
  const directory = makeDirectory();
  for (const name of names) writeFileSync(`${directory}/${name}`, '');
  return directory;
}

/** The names of new files, given those that are followed. */
function fresh(directory: string, patterns: readonly string[], followed: readonly string[] = []): string[] {
  return newLogFiles(
    patterns.map((pattern) => `${directory}/${pattern}`),
    followed.map((path) => `${directory}/${path}`),
  ).map((path) => path.replace(`${directory}/`, ''));
}

describe('newLogFiles', () => {
  it('takes a path as it is, be it there or not', () => {
    expect(fresh(makeLogs('kern.log'), ['kern.log', 'syslog'])).toEqual(['kern.log', 'syslog']);
  });

  it('takes a path that is named twice once', () => {
    expect(fresh(makeLogs('kern.log'), ['kern.log', 'kern.log', './kern.log', 'none', 'none'])).toEqual([
      'kern.log',
      'none',
    ]);
  });

  it.each([
    ['*.log', ['a.log', 'b.log']],
    ['?.log', ['a.log', 'b.log']],
    ['[ab].log', ['a.log', 'b.log']],
    ['{b,a}.log', ['a.log', 'b.log']],
    ['*/*.log', ['sub/c.log']],
    ['**/*.log', ['a.log', 'b.log', 'sub/c.log']],
    ['.*.log', ['.hidden.log']],
    ['none*', []],
    ['su*', []],
  ])('takes %s for the files it matches', (pattern, files) => {
    const directory = makeLogs('b.log', 'a.log', '.hidden.log', 'other');
    mkdirSync(`${directory}/sub`);
    writeFileSync(`${directory}/sub/c.log`, '');
    expect(fresh(directory, [pattern]).filter((file) => file !== '.hidden.log' || pattern === '.*.log')).toEqual(files);
  });

  it('leaves out what is followed', () => {
    const directory = makeLogs('a.log', 'b.log');
    expect(fresh(directory, ['*.log', 'a.log'], ['a.log'])).toEqual(['b.log']);
    expect(fresh(directory, ['*.log'], ['a.log', 'b.log'])).toEqual([]);
  });

  it('leaves out the past of what it matches, and what is compressed', () => {
    const directory = makeLogs('kern.log', 'kern.log.1', 'kern.log.2.gz', 'kern.log-20261121', 'kern.log-20261120.xz');
    expect(fresh(directory, ['kern.log*'])).toEqual(['kern.log']);
    expect(fresh(directory, ['*'])).toEqual(['kern.log']);
  });

  it('leaves out the past of a named and of a followed file', () => {
    const directory = makeLogs('kern.log.1', 'kern.log.2');
    expect(fresh(directory, ['kern.log', 'kern.log.*'])).toEqual(['kern.log']);
    expect(fresh(directory, ['kern.log.*'], ['kern.log'])).toEqual([]);
  });

  it.each(['gz', 'bz2', 'xz', 'zst', 'lz4', 'Z'])(
    'leaves out *.%s, also without the file it came from',
    (extension) => {
      expect(fresh(makeLogs(`kern.log.${extension}`), ['kern*'])).toEqual([]);
    },
  );

  it('takes a rotated file that is named', () => {
    expect(fresh(makeLogs('kern.log', 'kern.log.1'), ['kern.log', 'kern.log.1'])).toEqual(['kern.log', 'kern.log.1']);
  });

  it('takes two names of one file once', () => {
    const directory = makeLogs('kern.log');
    symlinkSync(`${directory}/kern.log`, `${directory}/link.log`);
    symlinkSync(directory, `${directory}/here`);
    expect(fresh(directory, ['kern.log', 'link.log'])).toEqual(['kern.log']);
    expect(fresh(directory, ['link.log', '*.log'])).toEqual(['link.log']);
    expect(fresh(directory, ['*.log'], ['here/kern.log'])).toEqual([]);
  });

  it('takes a link to nothing as a name: what it will point to may come', () => {
    const directory = makeLogs();
    symlinkSync(`${directory}/none`, `${directory}/link.log`);
    expect(fresh(directory, ['link.log'])).toEqual(['link.log']);
  });

  it('takes a file whose name has brackets as it is', () => {
    const directory = makeLogs('kern[1].log', 'kern1.log', 'a*b', 'axb');
    expect(fresh(directory, ['kern[1].log'])).toEqual(['kern[1].log']);
    expect(fresh(directory, ['a*b'])).toEqual(['a*b']);
  });

  it.each(['kern.log.1', 'kern.log-20261122'])('leaves out the followed log under the name %s', (name) => {
    const directory = makeLogs('kern.log');
    renameSync(`${directory}/kern.log`, `${directory}/${name}`);
    expect(fresh(directory, ['kern*'], ['kern.log'])).toEqual([]);
    writeFileSync(`${directory}/kern.log`, '');
    expect(fresh(directory, ['kern*'], ['kern.log'])).toEqual([]);
  });

  it('gives paths that do not depend on the working directory for what a glob matches', () => {
    const directory = makeLogs('a.log');
    expect(newLogFiles([`${directory}/../${directory.split('/').at(-1)}/*.log`], [])).toEqual([`${directory}/a.log`]);
  });
});

describe('isGlob', () => {
  it.each([
    ['/var/log/kern.log', false],
    ['/var/log/*.log', true],
    ['/var/log/kern.lo?', true],
    ['/var/log/[a-k]*', true],
    ['/var/log/{kern,sys}log', true],
    ['/var/log/a]b}', false],
  ])('of %s is %s', (pattern, expected) => {
    expect(isGlob(pattern)).toBe(expected);
  });
});
