import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Child } from './child.mjs';
import { Exporter } from './exporter.mjs';
import { median, quantile } from './statistics.mjs';
import { row } from './table.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';
import { timedScrapes } from './timed-scrapes.mjs';

const EVENTS_PER_SECOND = 50_000;
const SECONDS = 15;
const WRITER = fileURLToPath(new URL('syslog-writer.mjs', import.meta.url));

/** How long a scrape takes while a flood from 65,536 addresses is counted, with 1,000 places. */
export async function* flood() {
  const directory = temporaryDirectory();
  const path = `${directory.path}/kern.log`;
  writeFileSync(path, '');
  const exporter = await Exporter.start(`--input.file=${path}`, '--sources.max=1000');
  try {
    const writer = new Child(process.execPath, [WRITER, path, EVENTS_PER_SECOND, SECONDS, 1, 65_536].map(String));
    await exporter.reach('srcroute_events_total', EVENTS_PER_SECOND);
    const [scrapes] = await timedScrapes([`${exporter.origin}/metrics`], { scrapes: 100, gzip: false });
    const written = await writer.json();
    const counted = await exporter.reach('srcroute_events_total', written.events);
    yield {
      title: `100 scrapes during ${EVENTS_PER_SECOND.toLocaleString('en-US')} events a second, 1,000 places`,
      rows: [
        row('scrape, median', median(scrapes?.milliseconds ?? []), 'ms'),
        row('scrape, p99', quantile(scrapes?.milliseconds ?? [], 0.99), 'ms', { atMost: 30 }),
        row('events not counted', written.events - counted, 'events', { atMost: 0 }),
      ],
    };
  } finally {
    await exporter.stop();
    directory.remove();
  }
}
