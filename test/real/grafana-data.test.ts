import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { BOARDS } from '../../dashboards/src/boards.ts';
import { type BoardJson, boardPath, readBoard } from '../dashboards/board-file.ts';
import { startDemo } from '../e2e/boards/start-demo.ts';
import { type Watching, watch } from '../e2e/boards/watch.ts';
import { describeReal } from '../e2e/required.ts';
import { makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';

const RENDER = fileURLToPath(new URL('../../dashboards/render/', import.meta.url));
/** How much of the demo is looked at. */
const SECONDS = 60;

/** What Grafana's code makes of a panel. */
interface Checked {
  readonly board: string;
  readonly title: string;
  readonly type: string;
  readonly shown: readonly { readonly name: string; readonly texts: readonly { text: string; color?: string }[] }[];
  readonly problems: readonly string[];
}

describeReal(
  "Grafana's own library on what the demo gives (npm ci --omit=dev in dashboards/render)",
  { commands: ['prometheus'], files: [`${RENDER}node_modules/@grafana/data`] },
  () => {
    it('knows every unit, colour, state and column of both boards, and shows them as meant', async () => {
      const prometheus = await watchDemo();
      const checked = await check(prometheus, Object.keys(BOARDS).map(boardPath));
      expect(checked.flatMap(said)).toEqual([]);
      const shown = (title: string) => checked.find((panel) => panel.title === title)?.shown;
      expect(shown('Accept source routes')).toEqual([{ name: 'interfaces', texts: [{ text: '2', color: RED }] }]);
      expect(shown('Worst state of each host')?.map(({ texts }) => texts)).toEqual([
        [{ text: 'accepting', color: RED }],
      ]);
      expect(shown('Configuration files')?.find(({ name }) => name === 'Last read')?.texts[0]?.text).toBe('accepted');
      // What is empty here is listed in demo-panels.test.ts.
      expect(checked.filter((panel) => panel.shown.length === 0).map(({ title }) => title)).toEqual(['Not reporting']);
    });

    it('tells what it does not know by board and panel', async () => {
      const prometheus = await watchDemo();
      const edited = join(makeDirectory(), 'overview.json');
      writeFileSync(edited, JSON.stringify(edit(readBoard('overview.json'))));
      expect((await check(prometheus, [edited])).flatMap(said)).toEqual([
        'overview.json: "Accept source routes" has the unit "furlong"',
        'overview.json: "Accept source routes" has the colour "greenish"',
        'overview.json: "Worst state of each host" has no state for 1',
        'overview.json: "Worst state of each host" has no state for 2',
        'overview.json: "Why not" has no column "Event"',
        'overview.json: "Why not" has no column "Reason"',
        'overview.json: "Why not" has no column "Hosts"',
        'overview.json: "Why not" shows a field as "Value"',
      ]);
    });
  },
);

/** Grafana's red in its dark theme. */
const RED = '#F2495C';

/** The demo and its Prometheus, until somebody has let the host accept. */
async function watchDemo(): Promise<Watching> {
  const prometheus = await watch([await startDemo()], { interval: '3s' });
  await until(
    'the host accepts',
    async () => (await prometheus.figure('sum(instance:srcroute_accepting_interfaces:sum)')) === 2,
    2 * SECONDS * 1000,
  );
  return prometheus;
}

async function check(prometheus: Watching, files: readonly string[]): Promise<Checked[]> {
  const args = [`${RENDER}check-boards.mjs`, prometheus.url, String(SECONDS), ...files];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
}

function said({ board, title, problems }: Checked): string[] {
  return problems.map((problem) => `${board}: "${title}" ${problem}`);
}

/** Mistakes of the kind that nothing but Grafana would tell. */
function edit(board: BoardJson): BoardJson {
  const panel = (title: string) => board.panels.find((each) => each.title === title);
  Object.assign(panel('Accept source routes')?.fieldConfig?.defaults ?? {}, {
    unit: 'furlong',
    thresholds: { mode: 'absolute', steps: [{ value: null, color: 'greenish' }] },
  });
  Object.assign(panel('Worst state of each host')?.fieldConfig?.defaults ?? {}, {
    mappings: [mapping(0, 'compliant')],
  });
  Object.assign(panel('Why not')?.transformations?.at(-1)?.options ?? {}, { renameByName: { event: 'Kind' } });
  return board;
}

function mapping(value: number, text: string) {
  return { type: 'value', options: { [value]: { text, color: 'green', index: 0 } } };
}
