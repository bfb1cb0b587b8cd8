import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { contrast, parseColour } from '../e2e/contrast.ts';
import { eventLine } from '../e2e/event-lines.ts';
import { Exporter } from '../e2e/exporter.ts';
import { describeReal } from '../e2e/required.ts';
import { Cleanups, makeDirectory } from '../e2e/tools.ts';
import { until } from '../e2e/until.ts';
import { makeTree } from '../posture/boot/make-tree.ts';
import { writeConf, writeGlobals } from '../posture/make-proc.ts';

const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const HOSTILE = '<img src=x onerror=alert(1)>';
const PHONE = { viewport: { width: 360, height: 740 } };
const DESK = { viewport: { width: 1280, height: 800 } };
/** WCAG 2.2, success criterion 1.4.3, for text of any size. */
const LEAST_CONTRAST = 4.5;
const TABLES = ['In short', 'Not as the policy wants it', 'Policy', 'Events', 'Log', 'Exporter'];

describeReal('the page in Chromium', { files: [CHROMIUM] }, () => {
  const cleanups = new Cleanups();
  let browser: Browser;
  let exporter: Exporter;

  beforeAll(async () => {
    exporter = await startOnHostileHost(cleanups);
    // An empty profile of its own, removed when it closes.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    cleanups.add(() => browser.close());
  });
  afterAll(() => cleanups.run());

  /** Opens the page; gives it with what it asked for and what it complained of. */
  async function open(options: BrowserContextOptions = DESK) {
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(`http://${exporter.address}/`);
    return { page, requests, complaints };
  }

  it.each([
    { what: 'at a desk', options: DESK },
    { what: 'on a phone', options: PHONE },
    { what: 'without JavaScript', options: { ...DESK, javaScriptEnabled: false } },
  ])('says how things are $what, asks for nothing else and complains of nothing', async ({ options }) => {
    const { page, requests, complaints } = await open(options);
    expect(await headings(page)).toEqual(TABLES);
    const answers = await cells(page, 'In short');
    expect(answers[0]).toEqual(['Kernel keeps the policy?', 'No: IPv4 accept_source_route on 1 of 3 interfaces']);
    expect(await cells(page, 'Events')).toContainEqual([
      'source_route_option',
      '3',
      '198.51.100.66 (2), 203.0.113.9 (1)',
      'the sender, as the packet says',
      'no: log_martians is off on an interface and an interface accepts such packets, which is silent',
      '2026-11-22 09:41:35 UTC',
    ]);
    expect(requests).toEqual([`http://${exporter.address}/`]);
    expect(complaints).toEqual([]);
  });

  it('shows a hostile interface, a hostile log and a hostile sysctl file as text', async () => {
    const { page, complaints } = await open();
    const violators = await cells(page, 'Not as the policy wants it');
    const row = violators.find(([name]) => name === HOSTILE);
    expect(row?.[3]).toBe('1, forbidden');
    expect(row?.[5]).toContain(`/etc/sysctl.d/${HOSTILE}.conf:1`);
    const [log] = await cells(page, 'Log');
    expect(log?.[0]).toContain(HOSTILE);
    // The line that pretends to be an event is counted, and no word of it is shown.
    expect(log?.[4]).toBe('1 unrecognised');
    expect(await page.content()).not.toContain('evil-line');
    expect(await page.locator('img, svg, script, iframe').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('can be read in %s colours, every word of it', async (colorScheme) => {
    const { page } = await open({ ...DESK, colorScheme });
    const texts = await page.evaluate<{ text: string; colour: string; background: string }[]>(COLOURS_OF_TEXTS);
    expect(texts.length).toBeGreaterThan(60);
    const tooFaint = texts.filter(({ colour, background }) => contrast(colour, background) < LEAST_CONTRAST);
    expect(tooFaint).toEqual([]);
    const [red] = parseColour(texts[0]?.background ?? '');
    expect(red > 128).toBe(colorScheme === 'light');
    for (const { colour } of texts) expect(parseColour(colour)[3]).toBe(1);
  });

  it.each([
    { ...PHONE, leastWide: 1 },
    { ...DESK, leastWide: 0 },
  ])('fits its width, and only tables wider than that scroll: $viewport.width', async ({ leastWide, ...options }) => {
    const { page } = await open(options);
    const { width, wide, lost } = await page.evaluate<{ width: number; wide: number; lost: string[] }>(OVERFLOW);
    expect(width).toBeLessThanOrEqual(options.viewport.width);
    expect(wide).toBeGreaterThanOrEqual(leastWide);
    expect(lost).toEqual([]);
  });

  it('is walked through by the keyboard: links, then each table, which it can scroll', async () => {
    const { page } = await open(PHONE);
    const walked: string[] = [];
    for (let step = 0; step < 3 + TABLES.length; step += 1) {
      await page.keyboard.press('Tab');
      walked.push(await page.evaluate<string>(NAME_OF_FOCUSED));
      expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
    }
    expect(walked).toEqual(['Metrics', 'Health', 'Readiness', ...TABLES]);
    const events = page.locator('.scroll', { has: page.getByRole('table', { name: 'Events' }) });
    await events.focus();
    await page.keyboard.press('ArrowRight');
    // Not by waitForFunction: its polling is a script in the page, which the page's own policy forbids.
    await until('it scrolls', () => page.evaluate<boolean>('document.activeElement.scrollLeft > 0'));
  });

  it('is to a screen reader landmarks, headings, and tables with names and headers', async () => {
    const { page } = await open();
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const named = (role: string) =>
      nodes.filter((node) => !node.ignored && node.role?.value === role).map((node) => node.name?.value);
    expect(named('table')).toEqual(TABLES);
    expect(named('region')).toEqual(TABLES);
    expect(named('heading')).toEqual([expect.stringContaining('srcroute-exporter'), ...TABLES]);
    expect(named('navigation')).toEqual(['Endpoints']);
    for (const role of ['banner', 'main', 'contentinfo']) expect(named(role)).toHaveLength(1);
    expect(named('columnheader')).toEqual(expect.arrayContaining(['Question', 'Answer', 'Decided by', 'Last seen']));
    expect(named('rowheader')).toEqual(expect.arrayContaining(['Log read?', 'source_route_failed', HOSTILE]));
    expect(named('link')).toEqual(['Metrics', 'Health', 'Readiness']);
  });

  it('leads to the metrics and the two probes', async () => {
    for (const [name, start] of [
      ['Metrics', '# HELP'],
      ['Health', 'srcroute-exporter is healthy'],
      ['Readiness', 'Ready'],
    ] as const) {
      const { page } = await open();
      const [response] = await Promise.all([page.waitForNavigation(), page.getByRole('link', { name }).click()]);
      expect(response?.status()).toBe(200);
      expect(await response?.text()).toMatch(new RegExp(`^${start}`));
    }
  });
});

/** Everything that stands as text, with its colour and that of what is painted behind it. */
const COLOURS_OF_TEXTS = `[...document.body.querySelectorAll('*')]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
  .map((element) => {
    let behind = element;
    while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)' && behind.parentElement) behind = behind.parentElement;
    return {
      text: element.textContent,
      colour: getComputedStyle(element).color,
      background: getComputedStyle(behind).backgroundColor,
    };
  })`;

/** The width that the page takes, how many tables are wider than their place, and what stands outside without a table around it. */
const OVERFLOW = `({
  width: document.documentElement.scrollWidth,
  wide: [...document.querySelectorAll('.scroll')].filter((place) => place.scrollWidth > place.clientWidth).length,
  lost: [...document.body.querySelectorAll('*')]
    .filter((element) => !element.closest('.scroll') && element.getBoundingClientRect().right > innerWidth)
    .map((element) => element.outerHTML),
})`;

const NAME_OF_FOCUSED = `(() => {
  const { activeElement } = document;
  const label = activeElement.getAttribute('aria-labelledby');
  return (label === null ? activeElement : document.getElementById(label)).textContent;
})()`;

async function headings(page: Page): Promise<string[]> {
  return await page.getByRole('heading', { level: 2 }).allTextContents();
}

/** The rows of a table, without its head. */
async function cells(page: Page, name: string): Promise<string[][]> {
  const rows = await page.getByRole('table', { name, exact: true }).locator('tbody tr').all();
  return await Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
}

/** An exporter on a host where whoever could name something gave it a name that is HTML. */
async function startOnHostileHost(cleanups: Cleanups): Promise<Exporter> {
  const directory = makeDirectory(cleanups.add);
  const procfs = join(directory, 'proc');
  // One that accepts is named so; the kernel refuses a blank in a name, a directory does not.
  writeConf(procfs, 'ipv4', [
    ['all', 1],
    ['default', 0],
    ['lo', 0],
    ['eth0', 0],
    [HOSTILE, 1],
  ]);
  writeConf(
    procfs,
    'ipv4',
    [
      ['all', 0],
      ['default', 0],
      ['lo', 0],
      ['eth0', 0],
      [HOSTILE, 0],
    ],
    'log_martians',
  );
  writeConf(procfs, 'ipv6', [
    ['all', 0],
    ['default', 0],
    ['lo', 0],
    ['eth0', 0],
    [HOSTILE, 0],
  ]);
  writeGlobals(procfs, {
    'net/core/somaxconn': 4096,
    'net/core/message_cost': 5,
    'kernel/osrelease': '6.1.0-56-amd64\n',
  });
  makeTree(join(directory, 'root'), {
    [`/etc/sysctl.d/${HOSTILE}.conf`]: `net/ipv4/conf/*/accept_source_route=1\n`,
    '/etc/init.d/procps': '',
  });
  const logs = join(directory, `${HOSTILE}${'long-'.repeat(8)}`);
  mkdirSync(logs);
  const log = join(logs, 'kern.log');
  const hostileLine = eventLine('192.0.2.7').replace('source route option', `evil-line ${HOSTILE} source route option`);
  writeFileSync(log, [eventLine('198.51.100.66').repeat(2), eventLine('203.0.113.9'), hostileLine].join(''));
  const exporter = await Exporter.start(
    [
      `--path.procfs=${procfs}`,
      `--path.sysfs=${directory}/sys`,
      `--path.rootfs=${directory}/root`,
      `--input.file=${log}`,
      '--input.from=start',
    ],
    { cleanup: cleanups.add },
  );
  await exporter.until('all lines are read', (samples) => samples.sum('srcroute_log_records_total') === 4);
  return exporter;
}
