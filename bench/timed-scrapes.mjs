import { Agent, get } from 'node:http';

/**
 * Scrapes servers in turns, so that a slow moment of the machine meets all of them, each over one connection. Gives of each the
 * milliseconds from request to last byte, and the bytes of the last answer.
 * @param {readonly string[]} urls
 * @param {{ scrapes: number, gzip: boolean }} how
 */
export async function timedScrapes(urls, { scrapes, gzip }) {
  const servers = urls.map((url) => ({
    url,
    agent: new Agent({ keepAlive: true, maxSockets: 1 }),
    /** @type {number[]} */
    milliseconds: [],
    bytes: 0,
  }));
  try {
    for (let n = 0; n < scrapes; n++) {
      for (const server of servers) {
        const start = performance.now();
        server.bytes = await bytesOf(server.url, server.agent, gzip);
        server.milliseconds.push(performance.now() - start);
      }
    }
  } finally {
    for (const { agent } of servers) agent.destroy();
  }
  return servers;
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
