import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Calls the listener once, when the response was handed to the system whole or its connection is gone.
 *
 * Both sides are watched: a response that waits behind another on the same connection (pipelining) gets no `close` when
 * the client leaves, only its request does; and a request whose body never ends outlives its response.
 */
export function onResponseClosed(request: IncomingMessage, response: ServerResponse, listener: () => void): void {
  const once = () => {
    request.off('close', once);
    response.off('close', once);
    listener();
  };
  request.on('close', once);
  response.on('close', once);
}
