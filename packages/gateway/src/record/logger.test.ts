import { describe, expect, it } from 'vitest';
import type { LogLevel } from '../contract/site.ts';
import { createLogger } from './logger.ts';
import { makeConfig } from './test/fixtures.ts';

process.env['TZ'] = 'UTC';

type Line = readonly [level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>];

async function written(config: Parameters<typeof makeConfig>[0], ...lines: readonly Line[]): Promise<string> {
  let text = '';
  const log = createLogger(makeConfig(config), (more) => (text += more));
  for (const line of lines) log(...line);
  await new Promise((resolve) => setImmediate(resolve));
  return text.replaceAll(/time="[^"]*"/g, 'time=T').replaceAll(/"time":"[^"]*"/g, '"time":T');
}

describe('the log (spec/gateway/analytics-and-observability.md §10)', () => {
  const refusal: Line = [
    'info',
    'Attempted access with non-existent key.',
    { path: '/keyed/a', api_id: 'keyed', key: 'fern-none-0001', mw: 'AuthKey', ts: 12 },
  ];

  it.each([
    ['', 'time=T level=info message="Attempted access with non-existent key." api_id=keyed key="****0001" mw=AuthKey path=/keyed/a ts=12\n'],
    ['yaml', 'time=T level=info message="Attempted access with non-existent key." api_id=keyed key="****0001" mw=AuthKey path=/keyed/a ts=12\n'],
    ['legacy', 'time=T level=info msg="Attempted access with non-existent key." api_id=keyed key="****0001" mw=AuthKey path=/keyed/a ts=12\n'],
    [
      'json',
      '{"api_id":"keyed","key":"****0001","level":"info","message":"Attempted access with non-existent key.","mw":"AuthKey","path":"/keyed/a","time":T,"ts":12}\n',
    ],
  ])('format %j', async (format, want) => {
    expect(await written({ log_format: format }, refusal)).toBe(want);
  });

  it.each([
    ['', 2],
    ['info', 2],
    ['debug', 3],
    ['warn', 1],
    ['error', 0],
  ])('level %j lets %i of three lines through', async (level, count) => {
    const text = await written({ log_level: level }, ['debug', 'a'], ['info', 'b'], ['warning', 'c']);
    expect(text.split('\n').length - 1).toBe(count);
  });

  it.each([
    ['Started', 'Started'],
    ['--> Listening', '"--> Listening"'],
    ['say "a\\b"', '"say \\"a\\\\b\\""'],
    ['one\n\ttwo', '"one\\n\\ttwo"'],
    ['bell \u0007 \u001b[31m', '"bell \\a \\x1b[31m"'],
    ['zero\u200bwidth ü', '"zero\\u200bwidth ü"'],
  ])('text quotes %j as Go does', async (message, want) => {
    expect(await written({}, ['info', message])).toBe(`time=T level=info message=${want}\n`);
  });

  it('JSON is safe inside HTML and tells an error twice', async () => {
    expect(await written({ log_format: 'json' }, ['error', '--> <a&b>', { error: new Error('no') }])).toBe(
      '{"error":"no","level":"error","logrus_error":"no","message":"--\\u003e \\u003ca\\u0026b\\u003e","time":T}\n',
    );
  });

  it('shows keys whole only with enable_key_logging', async () => {
    expect(await written({ enable_key_logging: true }, refusal)).toContain(' key=fern-none-0001 ');
    expect(await written({}, ['info', 'm', { key: 'ab', 'inbound-key': '****0001' }])).toBe('time=T level=info message=m inbound-key="****0001" key=--\n');
  });

  it('writes an error at once', () => {
    let text = '';
    createLogger(makeConfig(), (more) => (text += more))('error', 'now');
    expect(text).toContain('message=now');
  });
});
