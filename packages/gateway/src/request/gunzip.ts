import { createGunzip } from 'node:zlib';
import type { AnswerHead, UpstreamError } from '@gatehouse/wire';
import type { ProxyRun } from './proxy.ts';

/** Decodes a gzip answer on its way: replaces the run's data and end by those of the decoder. */
export function gunzipAnswer(head: AnswerHead, run: ProxyRun, failed: (error: UpstreamError) => void): void {
  const gunzip = createGunzip();
  const write = run.data.bind(run);
  const end = run.done.bind(run);
  gunzip.on('data', (chunk: Buffer) => void write(chunk));
  gunzip.on('end', () => end(undefined));
  gunzip.on('error', (error: Error) => failed(Object.assign(error, { code: 'BAD_ANSWER', phase: 'body', answered: true } as const)));
  run.data = (chunk) => gunzip.write(chunk);
  run.done = () => void gunzip.end();
  const dropped = new Set(['content-encoding', 'content-length']);
  run.begin({ ...head, contentLength: -1, fields: head.fields.filter((_, i) => !dropped.has((head.fields[i - (i % 2)] as string).toLowerCase())) });
}
