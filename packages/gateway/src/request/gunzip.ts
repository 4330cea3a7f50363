import { createGunzip } from 'node:zlib';
import type { UpstreamError } from '@gatehouse/wire';

/** Where decoded bytes go. */
export interface Decoded {
  data(chunk: Buffer): void;
  done(): void;
  failed(error: UpstreamError): void;
  /** `write` answered false, and more is taken again. */
  drained(): void;
}

/** A gzip decoder for an answer on its way. */
export interface Decoder {
  write(chunk: Buffer): boolean;
  end(): void;
}

export function createDecoder(to: Decoded): Decoder {
  const gunzip = createGunzip();
  gunzip.on('data', (chunk: Buffer) => to.data(chunk));
  gunzip.on('end', () => to.done());
  gunzip.on('drain', () => to.drained());
  gunzip.on('error', (error: Error) => to.failed(Object.assign(error, { code: 'BAD_ANSWER', phase: 'body', answered: true } as const)));
  return { write: (chunk) => gunzip.write(chunk), end: () => void gunzip.end() };
}
