import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findInRoot } from '../../../src/posture/boot/rooted-path.ts';
import { makeRoot } from '../make-proc.ts';
import { latin1 } from './make-tree.ts';

describe('findInRoot', () => {
  it.each<[link: string, found: string | undefined]>([
    ['/etc/passwd', '/etc/passwd'],
    ['../etc/passwd', '/etc/passwd'],
    ['../../../../../../../../etc/passwd', '/etc/passwd'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['../merged/passwd', '/etc/passwd'],
    ['/absolute/passwd', '/etc/passwd'],
    ['/etc/./../etc//passwd', '/etc/passwd'],
    ['/etc/hostname', undefined],
    ['/etc/passwd/', undefined],
    ['/etc/passwd/.', undefined],
    ['/', ''],
  ])('follows a link to %s within the root', (link, found) => {
    const root = makeRoot();
    mkdirSync(`${root}/etc`);
    mkdirSync(`${root}/here`);
    writeFileSync(`${root}/etc/passwd`, 'mine');
    symlinkSync('etc', `${root}/merged`);
    symlinkSync('/etc', `${root}/absolute`);
    symlinkSync(link, `${root}/here/link`);
    const answer = findInRoot(latin1(root), '/here/link');
    expect('path' in answer ? answer.path : undefined).toBe(found);
  });

  it('tells what is wrong with a path', () => {
    const root = makeRoot();
    writeFileSync(`${root}/file`, '');
    symlinkSync('loop', `${root}/loop`);
    symlinkSync('a/../b', `${root}/b`);
    mkdirSync(`${root}/a`);
    expect(findInRoot(latin1(root), '/nowhere/x')).toEqual({ code: 'ENOENT' });
    expect(findInRoot(latin1(root), '/file/x')).toEqual({ code: 'ENOTDIR' });
    expect(findInRoot(latin1(root), '/loop')).toEqual({ code: 'ELOOP' });
    expect(findInRoot(latin1(root), '/b')).toEqual({ code: 'ELOOP' });
    expect(findInRoot(latin1(`${root}/nowhere`), '/')).toEqual({ code: 'ENOENT' });
  });

  it('takes a link as the root', () => {
    const root = makeRoot();
    mkdirSync(`${root}/real/etc`, { recursive: true });
    symlinkSync('real', `${root}/link`);
    expect(findInRoot(latin1(`${root}/link`), '/etc')).toMatchObject({ path: '/etc' });
  });
});
