// node render.mjs URL SECONDS DIRECTORY: draws both boards with Grafana's own libraries, from what a Prometheus holds of the last
// SECONDS, into DIRECTORY/overview.png and host.png. Needs /usr/bin/chromium, or what CHROMIUM names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { askPrometheus } from './ask-prometheus.mjs';

const WIDTH = 1500;
/** Of a row of Grafana's grid and the gap below it. */
const ROW = 38;
const PAGE = 'http://board.invalid/';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const [url, seconds, directory] = process.argv.slice(2);
if (directory === undefined || !(Number(seconds) > 0)) {
  console.error('Usage: node render.mjs URL SECONDS DIRECTORY');
  process.exit(2);
}
const to = Math.floor(Date.now() / 1000);
const range = { from: to - Number(seconds), to };

const { outputFiles } = await build({
  entryPoints: [here('view.jsx')],
  outdir: '.',
  bundle: true,
  write: false,
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
  loader: { '.woff2': 'dataurl', '.svg': 'dataurl', '.png': 'dataurl' },
  // The editor of queries: large, and not in any panel.
  alias: { 'monaco-editor': here('no-editor.mjs') },
});
const content = (end) => outputFiles.find(({ path }) => path.endsWith(end)).text;

function boardHeight({ panels }) {
  return ROW * Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
}

/** The page itself, and the icons, which Grafana's components ask for by their path in Grafana. */
function serve(route) {
  const [, icon] = /\/public\/build\/img\/icons\/(.+\.svg)$/.exec(route.request().url()) ?? [];
  return icon === undefined
    ? route.fulfill({ contentType: 'text/html', body: '<body style="margin:0"><div id="board"></div></body>' })
    : route.fulfill({ path: here(`node_modules/@grafana/ui/dist/public/img/icons/${icon}`) });
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  for (const name of ['overview', 'host']) {
    const board = JSON.parse(readFileSync(here(`../${name}.json`), 'utf8'));
    const answers = await askPrometheus(url, board, range);
    // As high as the board: tables fill themselves only where they are seen.
    const page = await browser.newPage({ viewport: { width: WIDTH, height: boardHeight(board) }, timezoneId: 'UTC' });
    page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
    await page.route(`${PAGE}**`, serve);
    await page.goto(PAGE);
    await page.addStyleTag({ content: content('.css') });
    await page.addScriptTag({ content: content('.js') });
    await page.evaluate((given) => window.draw(given), { board, answers, range, width: WIDTH });
    await page.evaluate(() => document.fonts.ready);
    // The graphs are canvases, drawn a frame after their panels are measured.
    await page.waitForTimeout(2_000);
    await page.locator('#board').screenshot({ path: join(directory, `${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
}
