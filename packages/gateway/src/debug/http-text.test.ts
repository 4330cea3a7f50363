import { describe, expect, it } from 'vitest';
import { httpText } from './http-text.ts';
import { RecordedExchange } from './recorded-exchange.ts';
import type { DebugRequest } from './types.ts';

const REQUEST: DebugRequest = { method: 'POST', path: '/x', fields: ['x-two', '2', 'X-ONE', '1', 'x-two', 'b'], body: 'payload' };

async function text(answer: (wire: RecordedExchange) => void): Promise<string> {
  const wire = new RecordedExchange(REQUEST, '/a/x');
  answer(wire);
  return httpText(REQUEST, '/a/x', undefined, await wire.answered);
}

describe('the dump of a debugged request', () => {
  it('has sorted fields, names as Go spells them, and the body', async () => {
    const dump = await text((wire) => wire.respond(401, ['X-Generator', 'tyk.io', 'content-type', 'application/json'], '{}'));
    expect(dump).toBe(
      '====== Request ======\nPOST /a/x HTTP/1.1\r\nX-One: 1\r\nX-Two: 2\r\nX-Two: b\r\n\r\npayload\n' +
        '====== Response ======\nHTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Type: application/json\r\nX-Generator: tyk.io\r\n\r\n{}',
    );
  });

  it('shows the announced length, and the whole streamed body', async () => {
    const dump = await text((wire) => {
      wire.start(200, 'Fine', [], 6);
      wire.write(Buffer.from('abc'));
      wire.write(Buffer.from('def'));
      wire.end();
    });
    expect(dump).toContain('HTTP/1.1 200 Fine\r\nContent-Length: 6\r\n\r\nabcdef');
  });

  it('says when there was no answer', async () => {
    expect(await text((wire) => wire.abort())).toContain('(no answer: the connection was cut');
  });
});

describe('the exchange without a connection', () => {
  it('gives its body at the pace of the reader', async () => {
    const wire = new RecordedExchange(REQUEST, '/a/x');
    const events: string[] = [];
    wire.readBody({
      onData: (chunk) => (events.push(chunk.toString()), false),
      onEnd: () => events.push('end'),
      onError: () => events.push('error'),
    });
    await Promise.resolve();
    expect(events).toEqual(['payload']);
    wire.resumeBody();
    expect(events).toEqual(['payload', 'end']);
  });

  it('goes away over an endless answer, and keeps its beginning', async () => {
    const wire = new RecordedExchange(REQUEST, '/a/x');
    let gone = false;
    wire.onAbort = () => (gone = true);
    wire.start(200, '', [], -1);
    const chunk = Buffer.alloc(700_000, 'x');
    wire.write(chunk);
    wire.write(chunk);
    const { body, cut } = await wire.answered;
    expect([body.length, cut, gone]).toEqual([1024 * 1024, expect.stringContaining('1048576 bytes'), true]);
  });
});
