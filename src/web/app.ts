import type { RequestListener, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { LANDING_POLICY, landingPage } from './landing.ts';
import { metricsHandler } from './metrics-handler.ts';
import { oneLine } from './one-line.ts';
import { sendText } from './send-text.ts';
import type { Site } from './site.ts';

export type { Cell, Exposition, Readiness, Site, StatusTable } from './site.ts';

/**
 * Makes the handler of every request: the landing page, the metrics and the two probes. It answers GET and HEAD only,
 * never with a stack, and never throws.
 */
export function createApp(site: Site): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');

  app.use(refuseOtherMethods, refuseMalformedPath);
  // Before the page, so that the metrics win where both are at "/".
  app.get(literalPath(site.telemetryPath), metricsHandler(site));
  app.get('/', landingHandler(site));
  app.get('/-/healthy', (_request, response) => sendText(response, 200, 'srcroute-exporter is healthy'));
  app.get('/-/ready', (_request, response) => {
    const { ready, reason } = site.readiness();
    sendText(response, ready ? 200 : 503, reason);
  });
  app.use((_request, response) => sendText(response, 404, 'Not found'));
  app.use(errorHandler(site));

  // Express gives a target that it cannot parse (`GET http://[x/`) to no handler at all, and would answer with its own page.
  return (request, response) => app(request as Request, response as Response, () => refuse(response));
}

const refuseOtherMethods: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next();
  response.setHeader('Allow', 'GET, HEAD');
  sendText(response, 405, 'Method not allowed; use GET or HEAD');
};

const refuseMalformedPath: RequestHandler = (request, response, next) => {
  try {
    decodeURIComponent(request.path);
  } catch {
    return refuse(response);
  }
  next();
};

function refuse(response: ServerResponse): void {
  sendText(response, 400, 'Bad request');
}

/** The path as a client sends it, with what Express takes for patterns (`:`, `*`, `{`, …) taken literally. */
function literalPath(path: string): string {
  return new URL(`http://localhost${path}`).pathname.replace(/[{}()[\]+?!:*\\]/g, '\\$&');
}

const LANDING_HEADERS = [
  ['Content-Security-Policy', LANDING_POLICY],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
] as const;

function landingHandler(site: Site): RequestHandler {
  return (_request, response) => {
    const { version, telemetryPath } = site;
    const page = Buffer.from(
      landingPage({ version, telemetryPath, readiness: site.readiness(), tables: site.status() }),
    );
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Length', page.length);
    response.setHeader('Cache-Control', 'no-store');
    for (const [name, value] of LANDING_HEADERS) {
      // What the web configuration says was set before, and stays.
      if (!response.hasHeader(name)) response.setHeader(name, value);
    }
    response.end(page);
  };
}

/** What a handler threw: one line to the log, a generic one to the client. Express knows it by its four parameters. */
function errorHandler(site: Site): ErrorRequestHandler {
  return (error, request, response, _next) => {
    site.onError(`Cannot serve ${JSON.stringify(request.path)}: ${oneLine(error)}`);
    if (response.headersSent) response.destroy();
    else sendText(response, 500, 'Internal error; the log of the exporter says why');
  };
}
