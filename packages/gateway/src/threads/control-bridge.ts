import { getField, type ServerExchange } from '@gatehouse/wire';
import { refusal } from '../admin/answers.ts';
import { MAX_BODY } from '../admin/body.ts';
import { A, type AdminError } from '../admin/errors.ts';
import { sameSecret, SECRET_HEADER } from '../admin/secret.ts';
import type { GatewayConfig } from '../config/types.ts';
import type { Log } from '../contract/site.ts';
import { hostName } from '../routing/router.ts';
import type { RequestTarget } from '../routing/url.ts';
import type { ControlAnswerMessage, ControlRequestMessage } from './messages.ts';

/** Milliseconds after which a call is answered with 503: longer than a reload of thousands of definitions takes. */
const PATIENCE_MS = 120_000;

/** Calls under way per thread: more wait for nobody, so that a flood of checks does not pile up at the main thread. */
const MAX_WAITING = 1000;

/** The part of the configuration that says which paths belong to the control API. */
export type ControlSettings = Pick<
  GatewayConfig,
  'secret' | 'control_api_hostname' | 'health_check_endpoint_name' | 'readiness_check_endpoint_name' | 'enable_config_inspection' | 'close_connections'
>;

interface Waiting {
  readonly wire: ServerExchange;
  readonly timer: NodeJS.Timeout;
}

/**
 * Hands requests for the control API (`/tyk/…`) and the checks to the main thread, which owns stores and definitions, and sends its
 * answers. A data thread only turns away who does not know the secret, before a byte of the body is kept.
 */
export class ControlBridge {
  private readonly post: (message: ControlRequestMessage) => void;
  private readonly settings: ControlSettings;
  private readonly log: Log;
  private readonly checks: ReadonlySet<string>;
  /** Paths outside `/tyk/` that want the secret. */
  private readonly inspection: ReadonlySet<string>;
  private readonly host: string;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(settings: ControlSettings, log: Log, post: (message: ControlRequestMessage) => void) {
    this.settings = settings;
    this.log = log;
    this.post = post;
    this.checks = new Set([`/${settings.health_check_endpoint_name || 'hello'}`, `/${settings.readiness_check_endpoint_name || 'ready'}`]);
    this.inspection = new Set(settings.enable_config_inspection ? ['/config', '/env'] : []);
    this.host = hostName(settings.control_api_hostname);
  }

  /** Takes a request of the control API or the checks; false: it is for the APIs. `body` where it was read already. */
  take(wire: ServerExchange, target: RequestTarget, body: Buffer | undefined): boolean {
    const { path } = target;
    const isCheck = this.checks.has(path);
    if (!isCheck && !path.startsWith('/tyk/') && !this.inspection.has(path)) return false;
    const host = hostName(wire.head.authority);
    // Checks come from orchestrators, by address: they are answered on every host.
    if (!isCheck && this.host !== '' && this.host !== host) return false;
    if (this.waiting.size >= MAX_WAITING) this.refuse(wire, A.UNAVAILABLE);
    else if (isCheck) this.send(wire, target, host, NOTHING);
    else if (!sameSecret(getField(wire.head.fields, SECRET_HEADER), this.settings.secret)) this.turnAway(wire);
    else this.read(wire, body, (whole) => this.send(wire, target, host, whole));
    return true;
  }

  private read(wire: ServerExchange, body: Buffer | undefined, next: (body: Buffer) => void): void {
    const { contentLength } = wire.head;
    if ((body?.length ?? contentLength) > MAX_BODY) return this.refuseBody(wire);
    if (body || contentLength === 0) return next(body ?? NOTHING);
    const chunks: Buffer[] = [];
    let size = 0;
    wire.readBody({
      onData: (chunk) => {
        size += chunk.length;
        if (size <= MAX_BODY) chunks.push(Buffer.from(chunk));
        else if (size - chunk.length <= MAX_BODY) this.refuseBody(wire);
      },
      onEnd: () => {
        if (size <= MAX_BODY) next(Buffer.concat(chunks));
      },
      onError: () => wire.abort(),
    });
  }

  private turnAway(wire: ServerExchange): void {
    this.log('warning', A.SECRET_WRONG.text, { prefix: 'main' });
    this.refuse(wire, A.SECRET_WRONG);
  }

  private refuseBody(wire: ServerExchange): void {
    wire.closeAfter();
    this.refuse(wire, A.BODY_TOO_LARGE);
  }

  private send(wire: ServerExchange, target: RequestTarget, host: string, body: Buffer): void {
    const id = this.nextId++;
    const timer = setTimeout(() => this.giveUp(id), PATIENCE_MS).unref();
    this.waiting.set(id, { wire, timer });
    wire.onAbort = () => void this.forget(id);
    const { method, fields } = wire.head;
    this.post({ kind: 'control', id, method, path: target.path, rawPath: target.rawPath, query: target.query, fields, body, host });
  }

  /** The exchange of a call, which is over for us from now on; undefined where its client went away. */
  private forget(id: number): ServerExchange | undefined {
    const found = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(found?.timer);
    return found?.wire;
  }

  private giveUp(id: number): void {
    const wire = this.forget(id);
    if (wire) this.refuse(wire, A.UNAVAILABLE);
  }

  answer({ id, status, headers, body }: ControlAnswerMessage): void {
    const wire = this.forget(id);
    if (wire) this.respond(wire, status, headers, typeof body === 'string' ? body : Buffer.from(body));
  }

  private refuse(wire: ServerExchange, error: AdminError): void {
    const { status, headers, body } = refusal(error);
    this.respond(wire, status, headers, body);
  }

  private respond(wire: ServerExchange, status: number, headers: ControlAnswerMessage['headers'], body: string | Buffer): void {
    if (this.settings.close_connections) wire.closeAfter();
    wire.respond(status, headers.flat(), body);
  }
}

const NOTHING = Buffer.alloc(0);
