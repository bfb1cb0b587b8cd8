// Takes what Alertmanager sends to a webhook, and writes a line of JSON for each: the path, and the body.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

createServer(async (request, response) => {
  const body = JSON.parse(await text(request));
  console.log(JSON.stringify({ path: request.url, body }));
  response.end();
}).listen(5001, '127.0.0.1', () => console.log(JSON.stringify({ path: 'listening' })));
