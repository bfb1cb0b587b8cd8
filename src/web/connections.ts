import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { onResponseClosed } from './on-response-closed.ts';
import type { ServerLimits } from './server-limits.ts';

/** The open connections of one server: how long a response may take on them, and how they end. */
export class Connections {
  readonly #server: Server;
  readonly #grace: number;
  // `closeAllConnections` knows only those that speak HTTP already, not one in the middle of a TLS handshake.
  readonly #sockets = new Set<Socket>();
  #closing = false;

  /** Watches the server from its first connection on. */
  constructor(server: Server, limits: Pick<ServerLimits, 'responseTimeout' | 'closeGrace'>) {
    this.#server = server;
    this.#grace = limits.closeGrace;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      if (this.#closing) response.shouldKeepAlive = false;
      const timer = setTimeout(() => request.socket.destroy(), limits.responseTimeout);
      onResponseClosed(request, response, () => {
        clearTimeout(timer);
        if (this.#closing) server.closeIdleConnections();
      });
    });
  }

  /**
   * Accepts no more, cuts the idle at once and the rest after the grace; resolves when none is left. To Node a connection
   * is idle when its response was handed over whole: what the client has not read of it by then is lost.
   */
  close(): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const socket of this.#sockets) socket.destroy();
      }, this.#grace);
      this.#server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }
}
