import { E } from '../contract/errors.ts';
import type { Exchange } from '../contract/exchange.ts';
import { type Refusal, refuse } from '../contract/outcome.ts';

/** Bodies beyond are not read for the sake of a variable or a trigger: they go on streaming, and count as empty there. */
const LARGEST = 1024 * 1024;

/**
 * Reads the whole body into `x.body`, from where it is sent on. Nothing is read where it is there already, announces more than 1 MiB, or does
 * not say how long it is: the step goes on at once. Gives a refusal by `source` when the client breaks off.
 */
export function readBody(x: Exchange, source: string): Promise<Refusal | undefined> | undefined {
  const { contentLength } = x.head;
  if (x.body !== undefined || contentLength <= 0 || contentLength > LARGEST) return undefined;
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    x.wire.readBody({
      onData: (chunk) => void chunks.push(Buffer.from(chunk)),
      onEnd: () => {
        x.body = Buffer.concat(chunks);
        resolve(undefined);
      },
      onError: () => resolve(refuse(E.REQUEST_BODY_UNREADABLE, source)),
    });
  });
}
