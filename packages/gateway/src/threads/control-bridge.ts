import type { ServerExchange } from '@gatehouse/wire';
import { getField } from '@gatehouse/wire';
import { sendText } from '../request/reply.ts';
import { hostName } from '../routing/router.ts';
import type { RequestTarget } from '../routing/url.ts';
import type { ControlAnswerMessage, ControlRequestMessage } from './messages.ts';

/** Largest body of a control request, in bytes. */
const MAX_BODY = 32 * 1024 * 1024;

export interface ControlNames {
  /** `hello`, unless configured. */
  readonly hello: string;
  readonly ready: string;
  readonly closeConnections: boolean;
}

/**
 * Hands requests for the control API (`/tyk/…`) and the checks to the main thread, which owns stores and definitions, and sends its
 * answers. A data thread decides nothing here.
 */
export class ControlBridge {
  private readonly post: (message: ControlRequestMessage) => void;
  private readonly names: ControlNames;
  private readonly waiting = new Map<number, ServerExchange>();
  private nextId = 1;

  constructor(names: ControlNames, post: (message: ControlRequestMessage) => void) {
    this.names = names;
    this.post = post;
  }

  /** True where the path belongs to the control API or the checks. */
  isControl(path: string): boolean {
    return path.startsWith('/tyk/') || path === `/${this.names.hello}` || path === `/${this.names.ready}` || path === '/config' || path === '/env';
  }

  take(wire: ServerExchange, target: RequestTarget, body: Buffer | undefined): void {
    if (body || wire.head.contentLength === 0) return this.send(wire, target, body ?? Buffer.alloc(0));
    const chunks: Buffer[] = [];
    let size = 0;
    wire.readBody({
      onData: (chunk) => {
        size += chunk.length;
        if (size <= MAX_BODY) chunks.push(Buffer.from(chunk));
      },
      onEnd: () => (size > MAX_BODY ? sendText(wire, 413, 'Request Entity Too Large\n') : this.send(wire, target, Buffer.concat(chunks))),
      onError: () => wire.abort(),
    });
  }

  private send(wire: ServerExchange, target: RequestTarget, body: Buffer): void {
    const id = this.nextId++;
    this.waiting.set(id, wire);
    wire.onAbort = () => void this.waiting.delete(id);
    this.post({
      kind: 'control',
      id,
      method: wire.head.method,
      path: target.path,
      rawPath: target.rawPath,
      query: target.query,
      fields: wire.head.fields,
      body,
      host: hostName(wire.head.authority || (getField(wire.head.fields, 'host') ?? '')),
    });
  }

  answer(message: ControlAnswerMessage): void {
    const wire = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (!wire) return;
    if (this.names.closeConnections) wire.closeAfter();
    const body = typeof message.body === 'string' ? message.body : Buffer.from(message.body);
    wire.respond(message.status, message.headers.flat(), body);
  }
}
