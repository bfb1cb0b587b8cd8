import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  copyFileSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KmsgInput } from '../../src/input/kmsg.ts';
import { KmsgDevice } from '../../src/input/kmsg-device.ts';
import { type From, newInputStats } from '../../src/input/record.ts';
import { Clock, Driver, makeDirectory, memoryLog } from './follow.ts';

const CAPTURE = fileURLToPath(new URL('../fixtures/kernel/6.1.0-56-amd64.kmsg.raw', import.meta.url));

function kmsg(path: string, from: From): Driver {
  const clock = new Clock();
  return new Driver(new KmsgInput(path, from, memoryLog().log, clock, 'boot'), clock);
}

const record = (sequence: number, message: string) => `6,${sequence},1000,-;${message}\n`;

describe('KmsgInput of a capture', () => {
  it('reads it whole from its start: records, no dictionary lines, nothing lost', () => {
    const input = kmsg(CAPTURE, 'start');
    expect(input.poll()).toHaveLength(524);
    expect(input.input.stats).toMatchObject({ records: 524, lost: 0, rejected: { malformed: 0, oversize: 0 } });
  });

  it('reads from its end what comes, as it comes', () => {
    const path = `${makeDirectory()}/kmsg`;
    copyFileSync(CAPTURE, path);
    const input = kmsg(path, 'end');
    expect(input.poll()).toEqual([]);
    appendFileSync(path, '6,524,1,-;half a re');
    expect(input.poll()).toEqual([]);
    appendFileSync(path, `cord\n SUBSYSTEM=net\n${record(527, 'next')}`);
    expect(input.poll()).toEqual(['half a record', 'next']);
    expect(input.input.stats).toMatchObject({ records: 2, lost: 2 });
  });

  it('knows no time of its records: they are of another boot', () => {
    const path = `${makeDirectory()}/kmsg`;
    writeFileSync(path, record(1, 'a'));
    const [first] = new KmsgInput(path, 'start', memoryLog().log, new Clock(), 'boot').step().records;
    expect(first?.time()).toBeUndefined();
  });

  it('that is missing first is read from its start when it comes, also when the end was wanted', () => {
    const path = `${makeDirectory()}/kmsg`;
    const input = kmsg(path, 'end');
    expect(() => input.once()).toThrow(
      `Cannot read ${path}: it does not exist; a container needs --device /dev/kmsg, or follow a syslog file with --input.file=/var/log/kern.log, or try \`npm run demo\``,
    );
    writeFileSync(path, record(1, 'a'));
    expect(input.poll()).toEqual(['a']);
  });

  it('goes on through a rotation', () => {
    const path = `${makeDirectory()}/kmsg`;
    writeFileSync(path, record(1, 'a'));
    const input = kmsg(path, 'start');
    input.poll();
    renameSync(path, `${path}.1`);
    writeFileSync(path, record(2, 'b'));
    expect(input.poll()).toEqual(['b']);
    expect(input.input.stats).toMatchObject({ records: 2, lost: 0, reopens: 1 });
  });

  it.each([
    ['a half record', '6,1,1', 1],
    ['text', 'hello', 1],
    ['NULs', '\0\0\0', 1],
    ['an empty line', '', 1],
    ['a dictionary line', ' SUBSYSTEM=net', 0],
  ])('counts %s in it as malformed %3$d times', (_, line, malformed) => {
    const path = `${makeDirectory()}/kmsg`;
    writeFileSync(path, `${record(1, 'a')}${line}\n${record(2, 'b')}`);
    const input = kmsg(path, 'start');
    expect(input.poll()).toEqual(['a', 'b']);
    expect(input.input.stats).toMatchObject({ records: 2 + malformed, lost: 0, rejected: { malformed } });
  });
});

describe('KmsgInput of a FIFO', () => {
  function makeFifo() {
    const path = `${makeDirectory()}/kmsg`;
    execFileSync('mkfifo', [path]);
    return path;
  }
  /** Opened for both so that opening does not wait for a reader. */
  function writer(path: string): number {
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    let isOpen = true;
    const close = () => {
      if (isOpen) closeSync(fd);
      isOpen = false;
    };
    onTestFinished(close);
    return fd;
  }

  it('waits for a writer without blocking', () => {
    const input = kmsg(makeFifo(), 'start');
    expect(input.once()).toEqual([]);
    expect(input.once()).toEqual([]);
    expect(input.trouble).toBeUndefined();
  });

  it('reads what is written, a record a line, and puts halves together', () => {
    const path = makeFifo();
    const input = kmsg(path, 'end');
    input.once();
    const fd = writer(path);
    writeSync(fd, `${record(5, 'a')} SUBSYSTEM=net\n6,6,1,-;ha`);
    expect(input.poll()).toEqual(['a']);
    writeSync(fd, `lf\n${record(9, 'b')}`);
    expect(input.poll()).toEqual(['half', 'b']);
    expect(input.input.stats).toMatchObject({ records: 3, lost: 2 });
  });

  it('outlives its writers', () => {
    const path = makeFifo();
    const input = kmsg(path, 'end');
    input.once();
    for (let round = 1; round <= 3; round++) {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      writeSync(fd, record(round, String(round)));
      closeSync(fd);
      expect(input.poll()).toEqual([String(round)]);
      expect(input.poll()).toEqual([]);
    }
    expect(input.input.stats).toMatchObject({ records: 3, lost: 0 });
  });

  it('goes on with another pipe of the same name, and tells of none', () => {
    const path = makeFifo();
    const input = kmsg(path, 'end');
    input.once();
    unlinkSync(path);
    input.once();
    expect(() => input.once()).toThrow(/^Cannot read .*: it does not exist/);
    execFileSync('mkfifo', [path]);
    input.once();
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(fd, record(1, 'a'));
    closeSync(fd);
    expect(input.poll()).toEqual(['a']);
  });

  it('skips a record that is longer than any, and counts it', () => {
    const path = makeFifo();
    const input = kmsg(path, 'end');
    input.once();
    const fd = writer(path);
    // A pipe holds 64 KiB: what follows is written once that is read.
    for (let part = 0; part < 3; part++) {
      writeSync(fd, 'x'.repeat(32 * 1024));
      expect(input.poll()).toEqual([]);
    }
    writeSync(fd, `\n${record(1, 'a')}`);
    expect(input.poll()).toEqual(['a']);
    expect(input.input.stats).toMatchObject({ records: 2, rejected: { oversize: 1 } });
  });

  it('that becomes a file is read as a file', () => {
    const path = makeFifo();
    const input = kmsg(path, 'start');
    input.once();
    rmSync(path);
    writeFileSync(`${path}~`, record(1, 'a'));
    renameSync(`${path}~`, path);
    expect(input.poll()).toEqual(['a']);
  });
});

describe('KmsgInput of what is no log', () => {
  it('says so', () => {
    const path = makeDirectory();
    const input = kmsg(path, 'start');
    expect(() => {
      input.once();
      throw new Error(input.trouble);
    }).toThrow(`Cannot read ${path}: it is not a regular file`);
  });
});

describe('KmsgDevice', () => {
  it('says what would help when the device is not there', () => {
    const path = `${makeDirectory()}/none`;
    const device = new KmsgDevice(path, newInputStats(), 'end', new Clock(), 'boot');
    expect(() => device.step()).toThrow(
      `Cannot read ${path}: it does not exist; a container needs --device /dev/kmsg, or follow a syslog file with --input.file=/var/log/kern.log, or try \`npm run demo\``,
    );
  });
});
