import { spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { describe, it } from 'vitest';
import { TEST_RUN } from '../test-run.ts';
import { PROGRAM } from './exporter.ts';
import { ENVIRONMENT } from './tools.ts';

/** Python of the system: the one that the system's packages are installed for. */
export const PYTHON = '/usr/bin/python3';

/** What a test against real components needs of the machine. */
export interface Needs {
  readonly root?: boolean;
  /** On PATH, or beside it in the directories of administrators. */
  readonly commands?: readonly string[];
  /** Whether /dev/kmsg must be readable. */
  readonly kmsg?: boolean;
  readonly scapy?: boolean;
  readonly files?: readonly string[];
  /** Whether a user without any right can be taken on, and can run the program where it stands. */
  readonly otherUser?: boolean;
}

/** What runs a command as a user without any right. */
export const OTHER_USER = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** What of it is not there, each in a few words. */
export function missing({ root, commands = [], kmsg, scapy, files = [], otherUser }: Needs): string[] {
  return [
    ...(root && process.getuid?.() !== 0 ? ['root'] : []),
    ...commands.filter((command) => !isOnPath(command)).map((command) => `command ${command}`),
    ...files.filter((file) => !existsSync(file)),
    ...(kmsg && !isReadable('/dev/kmsg') ? ['a readable /dev/kmsg'] : []),
    ...(otherUser && !canOtherUserRun() ? ['a program that user 65534 may run'] : []),
    ...(scapy && !hasScapy() ? [`scapy for ${PYTHON}`] : []),
  ];
}

/**
 * A suite that needs real components. `npm test` leaves it out, also where they are there. Elsewhere it is skipped where they
 * are missing, and its title says why; with SRCROUTE_REQUIRE_REAL=1 it fails instead, so that nobody takes a machine without
 * them for one where all is well.
 */
export function describeReal(title: string, needs: Needs, suite: () => void): void {
  const absent = TEST_RUN === 'quick' ? [] : missing(needs);
  if (TEST_RUN === 'quick') {
    describe.skip(title, suite);
  } else if (absent.length === 0) {
    describe(title, suite);
  } else if (process.env.SRCROUTE_REQUIRE_REAL === '1') {
    it(title, () => {
      throw new Error(`SRCROUTE_REQUIRE_REAL=1, but missing: ${absent.join(', ')}`);
    });
  } else {
    describe.skip(`${title} (skipped, missing: ${absent.join(', ')})`, suite);
  }
}

function isOnPath(command: string): boolean {
  return ENVIRONMENT.PATH.split(':').some((directory) => existsSync(`${directory}/${command}`));
}

function isReadable(device: string): boolean {
  try {
    closeSync(openSync(device, constants.O_RDONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}

function canOtherUserRun(): boolean {
  const [command = '', ...args] = OTHER_USER;
  return spawnSync(command, [...args, process.execPath, PROGRAM, '--version'], { env: ENVIRONMENT }).status === 0;
}

function hasScapy(): boolean {
  return spawnSync(PYTHON, ['-c', 'import scapy.packet']).status === 0;
}
