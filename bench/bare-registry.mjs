// The peer of a scrape, a process of its own: as many series in one counter of prom-client, served by node:http. Prints its address.
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { Counter, Registry } from 'prom-client';

const compress = promisify(gzip);
const registry = new Registry();
const counter = new Counter({
  name: 'bare_source_events_total',
  help: 'As many series as the exporter has.',
  labelNames: ['event', 'source_ip'],
  registers: [registry],
});
for (let n = 0; n < Number(process.argv[2]); n++) {
  counter.inc({ event: `event_${n % 4}`, source_ip: `198.18.${n >> 8}.${n & 255}` }, n);
}

const server = createServer(async (request, response) => {
  const body = await registry.metrics();
  const zipped = request.headers['accept-encoding'] === 'gzip';
  if (zipped) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Type', registry.contentType);
  response.end(zipped ? await compress(body, { level: constants.Z_BEST_SPEED }) : body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`);
});
