import type { ServerResponse } from 'node:http';

/**
 * Answers with one line of plain text and ends the response; Node itself leaves the body out for HEAD.
 *
 * Express's own `send` is not used: it answers 304 to `If-None-Match: *`, and a probe or a scrape has no cached copy.
 */
export function sendText(response: ServerResponse, status: number, line: string): void {
  const body = Buffer.from(`${line}\n`);
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Content-Length', body.length);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.end(body);
}
