import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { sized } from '../../test-run.ts';
import { Exporter, PROGRAM, Samples } from '../exporter.ts';
import { parseExposition } from '../parse-exposition.ts';
import { ENVIRONMENT } from '../tools.ts';
import { until } from '../until.ts';
import { NeverDown } from './never-down.ts';

/** How often the exporter is killed in each test. */
export const ROUNDS = sized({ quick: 3, real: 20, long: 200 });

/** What writes a log, and knows how much it wrote. */
export interface Load {
  /** Goes on for a moment. */
  burst(): void | Promise<void>;
  /** Whether more is shown than was written, or other. */
  isBeyond(samples: Samples): boolean;
  /** Whether all that was written is shown. */
  isWhole(samples: Samples): boolean;
}

/** In milliseconds: from before it listens to well after its first checkpoint. */
const EARLY_MS = 450;
const UNDER_LOAD_MS = 250;

/**
 * Kills an exporter at random moments, over and over: while it starts, while it catches up, while it follows under load. In
 * every round it comes to show all that was written, and nothing it showed goes down. Gives how many scrapes that was.
 */
export async function killOverAndOver(flags: readonly string[], load: Load, rounds = ROUNDS): Promise<number> {
  const neverDown = new NeverDown();
  const see = (samples: Samples) => {
    neverDown.take(samples);
    if (load.isBeyond(samples)) throw new Error(`More is shown than was written: ${load}`);
  };
  for (let round = 0; round < rounds; round++) {
    if (round % 3 === 2) await killEarly(flags, load);
    const exporter = await Exporter.start([...flags, `--state.interval=${round % 2 === 0 ? '100ms' : '5s'}`]);
    try {
      let last: Samples | undefined;
      const shown = await until(`round ${round} shows all`, async () => {
        const { status, body } = await exporter.get('/metrics');
        if (status !== 200) return undefined;
        last = new Samples(parseExposition(body));
        // What is wrong stays wrong: it is no reason to wait.
        return load.isWhole(last) || load.isBeyond(last) || neverDown.isBelow(last) ? last : undefined;
      }).catch((error) => {
        throw new Error(`${error.message}; ${load} was written and there is:\n${last}\n${exporter.stderr}`);
      });
      try {
        see(shown);
      } catch (error) {
        throw new Error(`${(error as Error).message} in round ${round}:\n${shown}\n${exporter.stderr}`, {
          cause: error,
        });
      }
      const end = performance.now() + Math.random() * UNDER_LOAD_MS;
      do {
        await load.burst();
        see(await exporter.samples());
        await load.burst();
      } while (performance.now() < end);
    } finally {
      await exporter.kill();
    }
  }
  return neverDown.scrapes;
}

/** One that does not live to be asked. */
async function killEarly(flags: readonly string[], load: Load): Promise<void> {
  const child = spawn(
    process.execPath,
    [PROGRAM, '--web.listen-address=127.0.0.1:0', '--state.interval=100ms', ...flags],
    {
      env: ENVIRONMENT,
      stdio: 'ignore',
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await delay(Math.random() * EARLY_MS);
  await load.burst();
  child.kill('SIGKILL');
  await ended;
}
