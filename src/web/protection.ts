import { createServer, type RequestListener, type Server } from 'node:http';
import type { ServerLimits } from './server-limits.ts';

/** What stands between the network and the handler, besides the limits. */
export interface Protection {
  /** Makes the server of one address, plain or with TLS. It does not listen yet. */
  createServer(limits: ServerLimits): Server;
  /** Takes the handler of every request, returns the one that lets through to it what may pass. */
  protect(handler: RequestListener): RequestListener;
}

/** Plain HTTP for everybody: what is served without a web configuration. */
export const NO_PROTECTION: Protection = { createServer, protect: (handler) => handler };
