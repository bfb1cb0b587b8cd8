import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { chooseVictim } from './choose-victim.ts';
import { clientNetwork } from './client-network.ts';
import { onResponseClosed } from './on-response-closed.ts';
import type { ServerLimits } from './server-limits.ts';

/** The connections of one client. */
interface Crowd {
  readonly client: string;
  size: number;
}

/** One open connection, from the first packet on: before TLS, if there is any. */
interface Connection {
  readonly socket: Socket;
  readonly crowd: Crowd;
  answering: number;
}

type Limits = Pick<ServerLimits, 'maxConnections' | 'maxPipelined' | 'responseTimeout' | 'closeGrace'>;

/** The open connections of one server: how many there may be, how long a response may take on them, and how they end. */
export class Connections {
  readonly #server: Server;
  readonly #limits: Limits;
  // By the client's address and port, which a TLS socket and the one below it share; the longest without a request first.
  readonly #open = new Map<string, Connection>();
  readonly #crowds = new Map<string, Crowd>();
  #closing = false;

  /** Watches the server from its first connection on. */
  constructor(server: Server, limits: Limits) {
    this.#server = server;
    this.#limits = limits;
    server.on('connection', (socket: Socket) => this.#add(socket));
  }

  /**
   * Takes each request before it is handled, returns whether it may be. One may not on a connection that is being closed, or
   * with too many unanswered before it; such a connection is cut.
   */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    const { socket } = request;
    const connection = this.#open.get(peerOf(socket));
    if (socket.destroyed || connection === undefined) return false;
    if (connection.answering >= this.#limits.maxPipelined) {
      socket.destroy();
      return false;
    }
    connection.answering += 1;
    if (this.#closing) response.shouldKeepAlive = false;
    const timer = setTimeout(() => socket.destroy(), this.#limits.responseTimeout);
    onResponseClosed(request, response, () => {
      clearTimeout(timer);
      connection.answering -= 1;
      this.#becomeLatest(connection);
      if (this.#closing) this.#server.closeIdleConnections();
    });
    return true;
  }

  /**
   * Accepts no more, cuts the idle at once and the rest after the grace; resolves when none is left. To Node a connection
   * is idle when its response was handed over whole: what the client has not read of it by then is lost.
   */
  close(): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      // `closeAllConnections` knows only those that speak HTTP already, not one in the middle of a TLS handshake.
      const timer = setTimeout(() => {
        for (const { socket } of this.#open.values()) socket.destroy();
      }, this.#limits.closeGrace);
      this.#server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }

  #add(socket: Socket): void {
    if (this.#open.size >= this.#limits.maxConnections) {
      const victim = chooseVictim(this.#open.values());
      if (victim) {
        // Not left to its `close`, which comes later: until then it would be chosen again.
        this.#remove(victim);
        victim.socket.destroy();
      }
    }
    const peer = peerOf(socket);
    // One that has gone, and whose port is in use again before its `close` came; or both have none, gone before they were seen.
    const before = this.#open.get(peer);
    if (before) this.#remove(before);
    const client = clientNetwork(socket.remoteAddress);
    const crowd = this.#crowds.get(client) ?? { client, size: 0 };
    crowd.size += 1;
    this.#crowds.set(client, crowd);
    const connection = { socket, crowd, answering: 0 };
    this.#open.set(peer, connection);
    socket.once('close', () => this.#remove(connection));
  }

  #remove(connection: Connection): void {
    const peer = peerOf(connection.socket);
    if (this.#open.get(peer) !== connection) return;
    this.#open.delete(peer);
    const { crowd } = connection;
    crowd.size -= 1;
    if (crowd.size === 0) this.#crowds.delete(crowd.client);
  }

  #becomeLatest(connection: Connection): void {
    const peer = peerOf(connection.socket);
    if (this.#open.get(peer) !== connection) return;
    this.#open.delete(peer);
    this.#open.set(peer, connection);
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
