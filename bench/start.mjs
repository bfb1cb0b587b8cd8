import { Child } from './child.mjs';
import { Exporter } from './exporter.mjs';
import { median } from './statistics.mjs';
import { row } from './table.mjs';

const RUNS = 10;

/** From spawn to the line that says that it listens. */
export async function* start() {
  const exporters = [];
  const nodes = [];
  for (let n = 0; n < RUNS; n++) {
    const exporter = await Exporter.start();
    exporters.push(exporter.startMs);
    await exporter.stop();
    const node = new Child(process.execPath, ['-e', '0']);
    await node.exited();
    nodes.push(performance.now() - node.spawnedAt);
  }
  yield {
    title: `from spawn to the line that it listens, ${RUNS} runs`,
    peer: 'node -e 0, from spawn to its end',
    rows: [
      row('median', median(exporters), 'ms', { atMost: 300, peer: median(nodes) }),
      row('worst', Math.max(...exporters), 'ms', { atMost: 300, peer: Math.max(...nodes) }),
    ],
  };
}
