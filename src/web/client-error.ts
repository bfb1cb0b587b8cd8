import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { onResponseClosed } from './on-response-closed.ts';

const STATUS_BY_CODE: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

/**
 * Answers what is no HTTP request, or comes too slowly, with a bare status line and closes the connection. A connection
 * on which a response is under way is only closed: the status line would land inside that response.
 */
export function answerClientErrors(server: Server): void {
  const answering = new WeakMap<Duplex, number>();
  const count = (socket: Duplex, change: 1 | -1) => answering.set(socket, (answering.get(socket) ?? 0) + change);

  server.on('request', (request, response) => {
    const { socket } = request;
    count(socket, 1);
    onResponseClosed(request, response, () => count(socket, -1));
  });

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || answering.get(socket)) {
      socket.destroy();
      return;
    }
    const status = STATUS_BY_CODE[error.code ?? ''] ?? 400;
    const reply = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    // The other side may never close its half: ours is not left to it.
    socket.end(reply, () => socket.destroy());
  });
}
