import type { Exchange } from '../contract/exchange.ts';

/** Bodies beyond are not read for the sake of a variable or a trigger: they go on streaming, and count as empty there. */
const LARGEST = 1024 * 1024;

/**
 * Reads the whole body into `x.body`, from where it is sent on. Nothing is read where it is there already, announces more than 1 MiB, or does
 * not say how long it is: the step goes on at once. Rejects when the client breaks off.
 */
export function readBody(x: Exchange): Promise<void> | undefined {
  const { contentLength } = x.head;
  if (x.body !== undefined || contentLength <= 0 || contentLength > LARGEST) return undefined;
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    x.wire.readBody({
      onData: (chunk) => void chunks.push(Buffer.from(chunk)),
      onEnd: () => {
        x.body = Buffer.concat(chunks);
        resolve();
      },
      onError: reject,
    });
  });
}
