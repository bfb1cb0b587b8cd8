import { existsSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Processes } from './processes.ts';
import { type Setting, World } from './world.ts';

const SEQUENCES = Number(process.env.SRCROUTE_SEQUENCES ?? 1_000);
const POLL_MS = 250;
/** After it, whatever could come late has come. */
const SETTLED_MS = 6_000;

class Clock {
  ms = Date.parse('2026-11-22T12:00:00Z');
  readonly now = () => this.ms;
}

interface Scene {
  readonly world: World;
  readonly processes: Processes;
  readonly clock: Clock;
}

/** All that can happen; each takes a number to make something of. */
const ACTIONS = {
  append: ({ world }, n) => world.append(1 + (n % 5)),
  'append half': ({ world }, n) => world.begun(n),
  'append a lot': ({ world }, n) => world.append(100 + (n % 100)),
  reopen: ({ world }) => world.reopen(),
  rename: ({ world }) => world.rename(),
  create: ({ world }) => world.create(),
  rotate({ world }, n) {
    world.rename();
    world.create();
    if (n % 2 === 0) world.reopen();
  },
  'rotate twice'({ world }, n) {
    for (let round = 0; round < 2; round++) {
      world.rename();
      world.reopen();
      world.append(n % 3);
    }
  },
  link: ({ world }) => world.link(),
  'copy and truncate': ({ world }, n) => world.copyTruncate(n % 3),
  truncate: ({ world }) => world.truncate(),
  'truncate and regrow': ({ world }) => world.regrow(),
  delete: ({ world }) => world.delete(),
  'drop the oldest': ({ world }) => world.dropOldest(),
  switch: ({ world }, n) => world.switch(n),
  lock: ({ world }) => world.lock(),
  unlock: ({ world }) => world.unlock(),
  pause({ clock }, n) {
    clock.ms += (n % 20) * POLL_MS;
  },
  moment({ clock }, n) {
    clock.ms += n % 10;
  },
  step: ({ processes }) => void processes.step(),
  poll({ processes, clock }) {
    clock.ms += POLL_MS;
    processes.poll();
  },
  save: ({ processes }) => processes.save(),
  stop: ({ processes }) => processes.stop(),
  kill: ({ processes }) => processes.kill(),
  restart({ processes }) {
    processes.stop();
    processes.poll();
    processes.save();
  },
} satisfies Record<string, (scene: Scene, n: number) => void>;
type Action = keyof typeof ACTIONS;

/** Some happen more often. */
const OFTEN: readonly Action[] = ['append', 'append', 'append', 'poll', 'poll', 'poll', 'step', 'pause', 'save', 'rotate', 'rename'];

const actions = fc.array(
  fc.tuple(fc.constantFrom<Action>(...(Object.keys(ACTIONS) as Action[]), ...OFTEN), fc.nat({ max: 1_000 })),
  { minLength: 3, maxLength: 40, size: 'max' },
);

const settings: fc.Arbitrary<Setting> = fc.record({
  linked: fc.constantFrom(false, false, true),
  dated: fc.boolean(),
  before: fc.constantFrom(undefined, 0, 3),
  from: fc.constantFrom('start', 'end'),
});

/** Plays a sequence to its end: whatever happened, after a while without events all is read that must be, once. */
function play(parent: string, setting: Setting, sequence: readonly (readonly [Action, number])[]): void {
  const clock = new Clock();
  const world = new World(parent, setting, clock.now);
  const processes = new Processes(world, setting.from, clock.now);
  try {
    // Before anything is shown, there is a checkpoint.
    processes.poll();
    processes.save();
    for (const [action, n] of sequence) ACTIONS[action]({ world, processes, clock }, n);
    world.unlock();
    world.reopen();
    world.append(1);
    for (const pause of [POLL_MS, POLL_MS, SETTLED_MS, POLL_MS]) {
      clock.ms += pause;
      processes.poll();
    }
    expect(world.missing()).toEqual([]);
    const { stats } = processes;
    expect(stats.unreadBytes).toBe(0);
    expect(stats.records - stats.rejected.malformed).toBe(world.counted().size);
  } finally {
    processes.kill();
    world.remove();
  }
}

/** Memory, if there is a file system of it. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

describe('a log that is followed', () => {
  it(`loses nothing and doubles nothing, whatever happens (${SEQUENCES} sequences)`, async () => {
    await fc.assert(
      fc.asyncProperty(settings, actions, async (setting, sequence) => {
        play(MEMORY, setting, sequence);
        // Watchers are let go between turns.
        await new Promise(setImmediate);
      }),
      { numRuns: SEQUENCES },
    );
  }, 600_000);

  it.runIf(givesInodesOutAgain(tmpdir()))('is not fooled by an inode that is given out again', async () => {
    await fc.assert(
      fc.asyncProperty(settings, actions, async (setting, sequence) => {
        play(tmpdir(), setting, sequence);
        await new Promise(setImmediate);
      }),
      { numRuns: Math.ceil(SEQUENCES / 10) },
    );
  }, 600_000);
});

function givesInodesOutAgain(directory: string): boolean {
  const path = join(directory, `srcroute-inode-${process.pid}`);
  const make = () => {
    writeFileSync(path, 'x');
    const { ino } = statSync(path);
    unlinkSync(path);
    return ino;
  };
  return make() === make();
}
