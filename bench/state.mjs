import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Child } from './child.mjs';
import { Exporter } from './exporter.mjs';
import { cpuSeconds } from './process-usage.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';

const EVENTS_PER_SECOND = 1_000;
const SECONDS = 20;
const WRITER = fileURLToPath(new URL('syslog-writer.mjs', import.meta.url));

/** What saving the state costs while there is something to save: the same load with a state file and without, side by side. */
export async function* state() {
  const directory = temporaryDirectory();
  const path = `${directory.path}/kern.log`;
  writeFileSync(path, '');
  const file = `--state.file=${directory.path}/state.json`;
  try {
    const without = await Exporter.start(`--input.file=${path}`, '--sources.max=1000');
    const saving = await Exporter.start(`--input.file=${path}`, '--sources.max=1000', file);
    try {
      const before = [cpuSeconds(saving.pid), cpuSeconds(without.pid)];
      await new Child(process.execPath, [WRITER, path, EVENTS_PER_SECOND, SECONDS, 1, 10_000].map(String)).json();
      const [ours = 0, peer = 0] = [cpuSeconds(saving.pid), cpuSeconds(without.pid)].map(
        (after, n) => ((after - (before[n] ?? 0)) / SECONDS) * 100,
      );
      yield {
        title: `${EVENTS_PER_SECOND.toLocaleString('en-US')} events a second for ${SECONDS} s, 1,000 places, saved each 5 s`,
        peer: 'the same without a state file',
        rows: [
          row('processor', ours, '% of a core', { peer }),
          row('processor for saving', ours - peer, '% of a core', { atMost: 1 }),
          row('checkpoints', await saving.sum('srcroute_state_saves_total'), 'saves'),
        ],
      };
    } finally {
      await Promise.all([without.stop(), saving.stop()]);
    }
  } finally {
    directory.remove();
  }
}
