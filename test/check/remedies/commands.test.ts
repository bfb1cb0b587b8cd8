import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Commands } from '../../../src/check/remedies/commands.ts';

const commands = new Commands(true);

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'srcroute-commands-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs a command as a shell with a narrow umask does; some programs may be made to fail. */
function run(command: string, ...failing: readonly string[]): number | null {
  const functions = failing.map((name) => `${name}() { return 1; }; `).join('');
  return spawnSync('sh', ['-c', `umask 077; ${functions}${command}`]).status;
}

describe('replaceFile', () => {
  it.each([
    ['one line', ['a=1']],
    ['lines', ['a=1', '#', "it's \\n", 'b\u00ff']],
  ])('makes a file of %s that anyone may read, and its directory, and the same when run twice', (_, lines) => {
    const file = `${makeDirectory()}/new directory/x.conf`;
    const command = commands.replaceFile(lines, Buffer.from(file), false);
    for (let n = 0; n < 2; n += 1) {
      expect(run(command)).toBe(0);
      expect(readFileSync(file, 'utf8')).toBe(`${lines.join('\n')}\n`);
      expect(statSync(file).mode & 0o777).toBe(0o644);
      expect(statSync(join(file, '..')).mode & 0o777).toBe(0o755);
      expect(readdirSync(join(file, '..'))).toEqual(['x.conf']);
    }
  });

  it('replaces a link and does not write through it', () => {
    const directory = makeDirectory();
    writeFileSync(`${directory}/vendor`, 'vendor\n');
    symlinkSync('vendor', `${directory}/x.conf`);
    expect(run(commands.replaceFile(['a=1'], Buffer.from(`${directory}/x.conf`), true))).toBe(0);
    expect(readFileSync(`${directory}/vendor`, 'utf8')).toBe('vendor\n');
    expect(lstatSync(`${directory}/x.conf`).isFile()).toBe(true);
  });

  it.each(['mkdir', 'tee', 'chmod', 'mv'])('leaves the file as it was where %s fails', (failing) => {
    const directory = makeDirectory();
    writeFileSync(`${directory}/x.conf`, 'before\n');
    expect(run(commands.replaceFile(['a=1'], Buffer.from(`${directory}/x.conf`), false), failing)).toBe(1);
    expect(readFileSync(`${directory}/x.conf`, 'utf8')).toBe('before\n');
  });
});

describe('editFile', () => {
  const script = ['2s/^b=2/# &/'];
  const before = 'a=1\nb=2\nc=3\n';
  const after = 'a=1\n# b=2\nc=3\n';

  it('edits a file in its place, once however often it is run', () => {
    const file = `${makeDirectory()}/x.conf`;
    writeFileSync(file, before);
    const command = commands.editFile(script, Buffer.from(file), Buffer.from(file));
    for (let n = 0; n < 2; n += 1) {
      expect(run(command)).toBe(0);
      expect(readFileSync(file, 'utf8')).toBe(after);
    }
  });

  it('changes nothing where the file has changed meanwhile', () => {
    const file = `${makeDirectory()}/x.conf`;
    writeFileSync(file, `new\n${before}`);
    expect(run(commands.editFile(script, Buffer.from(file), Buffer.from(file)))).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(`new\n${before}`);
  });

  it.each([false, true])('makes an edited copy and leaves the source alone (over a link to it: %s)', (isLink) => {
    const directory = makeDirectory();
    const [source, target] = [`${directory}/vendor.conf`, `${directory}/x.conf`];
    writeFileSync(source, before);
    chmodSync(source, 0o640);
    if (isLink) symlinkSync('vendor.conf', target);
    const command = commands.editFile(script, Buffer.from(source), Buffer.from(target));
    for (let n = 0; n < 2; n += 1) {
      expect(run(command)).toBe(0);
      expect([source, target].map((file) => readFileSync(file, 'utf8'))).toEqual([before, after]);
      expect(lstatSync(target).isFile()).toBe(true);
      expect(statSync(target).mode & 0o777).toBe(0o640);
    }
    expect(readdirSync(directory).sort()).toEqual(['vendor.conf', 'x.conf']);
  });

  it.each(['cp', 'sed', 'mv'])('hides nothing where %s fails', (failing) => {
    const directory = makeDirectory();
    writeFileSync(`${directory}/vendor.conf`, before);
    mkdirSync(`${directory}/etc`);
    const target = `${directory}/etc/x.conf`;
    const command = commands.editFile(script, Buffer.from(`${directory}/vendor.conf`), Buffer.from(target));
    expect(run(command, failing)).toBe(1);
    expect(readdirSync(`${directory}/etc`)).not.toContain('x.conf');
  });
});
