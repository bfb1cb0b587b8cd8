import { accessSync, constants, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNobodyHere } from '../../as-nobody.ts';
import { sized } from '../../test-run.ts';
import { Processes, RunningProcesses } from './processes.ts';
import { type Setting, World } from './world.ts';

const SEQUENCES = sized({ quick: 200, real: 1_000, long: 5_000 });
/** In real time, many at once. */
const AT_ONCE = 25;
const LIVE = sized({ quick: 1, real: 4, long: 20 }) * AT_ONCE;
const POLL_MS = 250;
/** A lock means nothing to root where there is no other user. */
const CAN_LOCK = isNobodyHere();
/** After it, whatever could come late has come. */
const SETTLED_MS = 6_000;

class Clock {
  ms = Date.parse('2026-11-22T12:00:00Z');
  readonly now = () => this.ms;
}

/** What can happen to a log; each takes a number to make something of. */
const EVENTS = {
  append: (world: World, n: number) => world.append(1 + (n % 5)),
  'append half': (world: World, n: number) => world.begun(n),
  'append a lot': (world: World, n: number) => world.append(100 + (n % 100)),
  reopen: (world: World) => world.reopen(),
  rename: (world: World) => world.rename(),
  create: (world: World) => world.create(),
  rotate(world: World, n: number) {
    world.rename();
    world.create();
    if (n % 2 === 0) world.reopen();
  },
  'rotate twice'(world: World, n: number) {
    for (let round = 0; round < 2; round++) {
      world.rename();
      world.reopen();
      world.append(n % 3);
    }
  },
  link: (world: World) => world.link(),
  'copy and truncate': (world: World, n: number) => world.copyTruncate(n % 3),
  truncate: (world: World) => world.truncate(),
  'truncate and regrow': (world: World) => world.regrow(),
  delete: (world: World) => world.delete(),
  'drop the oldest': (world: World) => world.dropOldest(),
  switch: (world: World, n: number) => world.switch(n),
} satisfies Record<string, (world: World, n: number) => void>;

interface Scene {
  readonly world: World;
  readonly processes: Processes;
  readonly clock: Clock;
}

/** What can happen besides while the reader is stepped by hand. */
const STEPS = {
  lock: ({ world }) => CAN_LOCK && world.lock(),
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
} satisfies Record<string, (scene: Scene, n: number) => unknown>;
type Event = keyof typeof EVENTS;
type Action = Event | keyof typeof STEPS;
const isEvent = (action: string): action is Event => Object.hasOwn(EVENTS, action);
const ALL = [...Object.keys(EVENTS), ...Object.keys(STEPS)] as Action[];

/** Some happen more often. */
const OFTEN: readonly Action[] = [
  'append',
  'append',
  'append',
  'poll',
  'poll',
  'poll',
  'step',
  'pause',
  'save',
  'rotate',
  'rename',
];

const actions = fc.array(fc.tuple(fc.constantFrom<Action>(...ALL, ...OFTEN), fc.nat({ max: 1_000 })), {
  minLength: 3,
  maxLength: 40,
  size: 'max',
});

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
    for (const [action, n] of sequence) {
      if (isEvent(action)) EVENTS[action](world, n);
      else STEPS[action]({ world, processes, clock }, n);
    }
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

/** What can happen besides while the reader runs by itself. */
const MOMENTS = {
  turns: (_, n) => turns(n % 20),
  settle: (processes) => processes.settle(),
  // A checkpoint is a turn of its own: what a step brought is counted by then.
  save: async (processes) => {
    await turns(1);
    processes.save();
  },
  stop: (processes) => processes.stop(),
  kill: (processes) => processes.kill(),
  start: async (processes) => processes.start(),
} satisfies Record<string, (processes: RunningProcesses, n: number) => Promise<void>>;
type Happening = Event | keyof typeof MOMENTS;
const HAPPENINGS = [...Object.keys(EVENTS), ...Object.keys(MOMENTS)] as Happening[];

const happenings = fc.array(
  fc.tuple(
    fc.constantFrom<Happening>(
      ...HAPPENINGS,
      'append',
      'append',
      'turns',
      'turns',
      'settle',
      'start',
      'save',
      'rotate',
    ),
    fc.nat({ max: 1_000 }),
  ),
  { minLength: 3, maxLength: 30, size: 'max' },
);

async function live(setting: Setting, sequence: readonly (readonly [Happening, number])[]): Promise<void> {
  const world = new World(MEMORY, setting, Date.now);
  const processes = new RunningProcesses(world, setting.from);
  try {
    await processes.settle();
    processes.save();
    for (const [what, n] of sequence) {
      if (isEvent(what)) EVENTS[what](world, n);
      else await MOMENTS[what](processes, n);
    }
    world.reopen();
    world.append(1);
    await processes.settle();
    expect(processes.stats?.records).toBe(world.counted().size + (processes.stats?.rejected.malformed ?? 0));
  } finally {
    await processes.kill();
    world.remove();
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

/** Memory, if there is a file system of it to write to. */
const MEMORY = isWritable('/dev/shm') ? '/dev/shm' : tmpdir();

describe('a log that is followed', () => {
  it(`loses nothing and doubles nothing, whatever happens (${SEQUENCES} sequences)`, async () => {
    await fc.assert(
      fc.asyncProperty(settings, actions, async (setting, sequence) => {
        play(MEMORY, setting, sequence);
        // Watchers are let go between turns.
        await turns(1);
      }),
      { numRuns: SEQUENCES },
    );
  });

  it.runIf(givesInodesOutAgain(tmpdir()))('is not fooled by an inode that is given out again', async () => {
    await fc.assert(
      fc.asyncProperty(settings, actions, async (setting, sequence) => {
        play(tmpdir(), setting, sequence);
        await turns(1);
      }),
      { numRuns: Math.ceil(SEQUENCES / 10) },
    );
  });

  it(`loses nothing and doubles nothing when it wakes by itself (${LIVE} sequences)`, async () => {
    const scenes = fc.array(fc.tuple(settings, happenings), { minLength: AT_ONCE, maxLength: AT_ONCE });
    await fc.assert(
      fc.asyncProperty(scenes, async (all) => {
        const outcomes = await Promise.allSettled(all.map(([setting, sequence]) => live(setting, sequence)));
        outcomes.forEach((outcome, index) => {
          if (outcome.status === 'rejected') {
            throw new Error(`${outcome.reason} in ${JSON.stringify(all[index])}`, { cause: outcome.reason });
          }
        });
      }),
      { numRuns: LIVE / AT_ONCE, endOnFailure: true },
    );
  });
});

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function givesInodesOutAgain(directory: string): boolean {
  const path = join(directory, `srcroute-inode-${process.pid}`);
  const make = () => {
    writeFileSync(path, 'x');
    const { ino } = statSync(path);
    unlinkSync(path);
    return ino;
  };
  const first = make();
  return make() === first;
}
