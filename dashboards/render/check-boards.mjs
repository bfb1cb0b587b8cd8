// node check-boards.mjs URL SECONDS BOARD...: checks boards with Grafana's own code on what a Prometheus holds of the last SECONDS.
// Prints JSON: for each panel what it shows and what is wrong.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { askPrometheus } from './ask-prometheus.mjs';
import { checkPanel } from './check-panel.mjs';
import { fillRegistries } from './fill-registries.mjs';
import { grafana } from './grafana-data.mjs';
import { panelFrames } from './panel-frames.mjs';

const [url, seconds, ...files] = process.argv.slice(2);
if (files.length === 0 || !(Number(seconds) > 0)) {
  console.error('Usage: node check-boards.mjs URL SECONDS BOARD...');
  process.exit(2);
}
const to = Math.floor(Date.now() / 1000);
fillRegistries(grafana);
const theme = grafana.createTheme();

const checked = [];
for (const file of files) {
  const board = JSON.parse(readFileSync(file, 'utf8'));
  const answers = await askPrometheus(url, board, { from: to - Number(seconds), to });
  for (const panel of board.panels.filter(({ targets }) => targets !== undefined)) {
    const frames = await panelFrames(grafana, panel, answers[panel.id], theme);
    const { title, type } = panel;
    checked.push({ board: basename(file), title, type, ...checkPanel(grafana, panel, frames, theme) });
  }
}
console.log(JSON.stringify(checked));
