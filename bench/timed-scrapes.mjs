import { Agent, get } from 'node:http';

/**
 * Scrapes one after the other over one connection. Gives milliseconds from the request to the last byte of each answer, and the
 * bytes of the last one. The very first, which compiles what the others use, stands apart.
 * @param {string} url
 * @param {{ scrapes: number, gzip: boolean }} how
 */
export async function timedScrapes(url, { scrapes, gzip }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const milliseconds = [];
  let bytes = 0;
  try {
    for (let n = 0; n <= scrapes; n++) {
      const start = performance.now();
      bytes = await bytesOf(url, agent, gzip);
      milliseconds.push(performance.now() - start);
    }
  } finally {
    agent.destroy();
  }
  const [first = Number.NaN, ...rest] = milliseconds;
  return { first, rest, bytes };
}

/** @param {string} url @param {Agent} agent @param {boolean} gzip @returns {Promise<number>} */
function bytesOf(url, agent, gzip) {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { 'Accept-Encoding': gzip ? 'gzip' : 'identity' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => {
        bytes += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 && (response.headers['content-encoding'] === 'gzip') === gzip
          ? resolve(bytes)
          : reject(new Error(`Scrape gave status ${response.statusCode}`)),
      );
    }).on('error', reject);
  });
}
