import type { Fields } from '@gatehouse/wire';
import type { ErrorRow } from './errors.ts';

/** A refused request. `request/reply.ts` turns it into bytes: JSON or XML, templates, `X-Generator`. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly error: ErrorRow;
  /** Replaces `%s` in the row's text. */
  readonly detail: string;
  /** Fields beside the standard ones, e.g. WWW-Authenticate. */
  readonly fields: Fields;
  /** Name of the middleware that refused, as access logs show it (`AuthKey`, `VersionCheck`, …). */
  readonly source: string;
}

/** An answer made by the gateway itself: mock, preflight, cached answer. */
export interface Reply {
  readonly kind: 'reply';
  readonly status: number;
  readonly fields: Fields;
  readonly body: string | Buffer;
  /** True: response steps run over it and quota fields are set, as for an upstream's answer. */
  readonly throughResponseSteps: boolean;
  /** False: neither analytics nor access log see it. */
  readonly recorded: boolean;
}

export type Outcome = Refusal | Reply;

export function refuse(error: ErrorRow, source: string, detail = '', fields: Fields = []): Refusal {
  return { kind: 'refusal', error, detail, fields, source };
}

export function reply(status: number, fields: Fields, body: string | Buffer, options: { throughResponseSteps: boolean; recorded: boolean }): Reply {
  return { kind: 'reply', status, fields, body, ...options };
}
