import type { RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';
import { createApp, type Site } from '../../src/web/app.ts';
import { listen, type WebServer } from '../../src/web/server.ts';
import type { ServerLimits } from '../../src/web/server-limits.ts';

/** A site that works, with the parts a test is about replaced. */
export function siteWith(parts: Partial<Site> = {}): Site {
  return {
    telemetryPath: '/metrics',
    maxRequests: 40,
    version: '1.2.3',
    scrape: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', body: 'up 1\n' }),
    readiness: () => ({ ready: true, reason: 'every input is open' }),
    status: () => [],
    onError: (message) => {
      throw new Error(`Unexpected error line: ${message}`);
    },
    ...parts,
  };
}

/** Serves a handler on a free port of 127.0.0.1 until the test ends. */
export async function serve(
  handler: RequestListener,
  limits: Partial<ServerLimits> = {},
): Promise<{ url: string; port: number; server: WebServer }> {
  const server = await listen(handler, [{ host: '127.0.0.1', port: 0, text: '127.0.0.1:0' }], limits);
  onTestFinished(() => server.close());
  const url = `http://${server.addresses[0]}`;
  return { url, port: Number(new URL(url).port), server };
}

/** Serves a site on a free port of 127.0.0.1 until the test ends. */
export function serveSite(parts: Partial<Site> = {}, limits: Partial<ServerLimits> = {}) {
  return serve(createApp(siteWith(parts)), limits);
}
