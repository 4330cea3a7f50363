import { Socket, type SocketConstructorOpts } from 'node:net';
import type { Inbox } from './inbox.ts';

interface Inner {
  _handle?: object | null;
}

/**
 * Gives an accepted plain socket's connection to a new socket that reads through an inbox; undefined where that cannot be done (TLS, bytes waiting
 * in the stream, another runtime), and the socket is used as it is. `net.Server` has no `onread` option, which spares an eighth of a small
 * request's cost, so this relies on the handle, which Node's own modules pass on in the same way. The old socket stays open for its server's
 * count until the new one closes.
 */
export function adopt(socket: Socket, inbox: Inbox): Socket | undefined {
  const inner = socket as Inner;
  const { _handle: handle } = inner;
  if (socket.constructor !== Socket || handle === undefined || handle === null || socket.destroyed || socket.readableLength > 0) return undefined;
  inner._handle = null;
  // The types of this option know another kind of handle only.
  const adopted = new Socket({ handle, onread: inbox.options, allowHalfOpen: true } as unknown as SocketConstructorOpts);
  adopted.once('close', () => socket.destroy());
  return adopted;
}
