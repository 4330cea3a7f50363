import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { DEFAULT_SERVER_LIMITS, listen, type Listener } from '@gatehouse/wire';
import { describe, expect, it } from 'vitest';
import { MAX_BODY } from '../admin/body.ts';
import { parseTarget } from '../routing/url.ts';
import { ControlBridge, type ControlSettings } from './control-bridge.ts';
import type { ControlRequestMessage } from './messages.ts';

const SETTINGS: ControlSettings = {
  secret: 'hush',
  control_api_hostname: '',
  health_check_endpoint_name: 'hello',
  readiness_check_endpoint_name: 'ready',
  enable_config_inspection: false,
  close_connections: false,
};
const SIGNED = 'X-Tyk-Authorization: hush\r\n';

/** A port whose requests go through a bridge; the test is the main thread. */
interface Bridged extends AsyncDisposable {
  readonly posted: ControlRequestMessage[];
  readonly bridge: ControlBridge;
  readonly logged: string[];
  /** Sends bytes on a connection of their own; gives what has come back when something has, or the end. */
  send(bytes: string): Promise<string>;
  open(bytes: string): Socket;
}

async function bridged(settings: Partial<ControlSettings> = {}): Promise<Bridged> {
  const posted: ControlRequestMessage[] = [];
  const logged: string[] = [];
  const log = (level: string, message: string): void => void logged.push(`${level}: ${message}`);
  const bridge = new ControlBridge({ ...SETTINGS, ...settings }, log, (message) => void posted.push(message));
  const listener: Listener = await listen({ host: '127.0.0.1', port: 0, reusePort: false, h2c: false }, DEFAULT_SERVER_LIMITS, {}, (wire) => {
    const target = parseTarget(wire.head.target) ?? { path: '', rawPath: '', query: '' };
    if (!bridge.take(wire, target, undefined)) wire.respond(404, [], 'for the APIs');
  });
  const open = (bytes: string): Socket => {
    const socket = connect(listener.port, '127.0.0.1');
    socket.write(bytes);
    return socket;
  };
  return {
    posted,
    bridge,
    logged,
    open,
    async send(bytes) {
      const socket = open(bytes);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return answer.toString();
    },
    [Symbol.asyncDispose]: () => listener.close(0),
  };
}

const get = (path: string, fields = '', host = 'gw'): string => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${fields}\r\n`;

async function answered(pending: Promise<string>, { bridge, posted }: Bridged, body: string): Promise<string> {
  await expect.poll(() => posted.length).toBe(1);
  bridge.answer({ kind: 'control-answer', id: posted[0]?.id ?? 0, status: 200, headers: [], body });
  return pending;
}

describe('which requests are taken', () => {
  it.each([
    ['/tyk/apis', {}, 'gw', true],
    ['/tyk/apis', { control_api_hostname: 'control.example' }, 'gw', false],
    ['/tyk/apis', { control_api_hostname: 'control.example' }, 'Control.Example:8080', true],
    ['/hello', { control_api_hostname: 'control.example' }, 'gw', true],
    ['/hello', { health_check_endpoint_name: 'alive' }, 'gw', false],
    ['/alive', { health_check_endpoint_name: 'alive' }, 'gw', true],
    ['/hello/', {}, 'gw', false],
    ['/config', {}, 'gw', false],
    ['/config', { enable_config_inspection: true }, 'gw', true],
    ['/env', { enable_config_inspection: true }, 'gw', true],
    ['/tykes', {}, 'gw', false],
  ] as const)('%s with %j on %s: %s', async (path, settings, host, taken) => {
    await using gateway = await bridged(settings);
    const sent = gateway.send(get(path, SIGNED, host));
    const answer = taken ? await answered(sent, gateway, 'from main') : await sent;
    expect(answer).toContain(taken ? 'from main' : 'for the APIs');
  });
});

describe('the secret', () => {
  it.each([
    ['none', ''],
    ['a wrong one', 'X-Tyk-Authorization: hus\r\n'],
    ['a wrong one before the right one', `X-Tyk-Authorization: no\r\n${SIGNED}`],
  ])('%s: refused before a byte of the body came', async (_, fields) => {
    await using gateway = await bridged();
    const answer = await gateway.send(`POST /tyk/keys HTTP/1.1\r\nHost: gw\r\n${fields}Content-Length: 1000\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 .*Attempted administrative access with invalid or missing key!/s);
    expect([gateway.posted, gateway.logged]).toEqual([[], ['warning: Attempted administrative access with invalid or missing key!']]);
  });

  it('is wanted for the inspection of the configuration', async () => {
    await using gateway = await bridged({ enable_config_inspection: true });
    expect(await gateway.send(get('/config'))).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('is not wanted for checks, whose bodies nobody reads', async () => {
    await using gateway = await bridged();
    const sent = gateway.send('POST /hello HTTP/1.1\r\nHost: gw\r\nContent-Length: 5\r\n\r\nhello');
    expect(await answered(sent, gateway, 'ok')).toContain('ok');
    expect(gateway.posted[0]?.body).toHaveLength(0);
  });
});

describe('bodies', () => {
  it('go to the main thread whole', async () => {
    await using gateway = await bridged();
    const sent = gateway.send(`POST /tyk/keys HTTP/1.1\r\nHost: gw\r\n${SIGNED}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n`);
    await answered(sent, gateway, 'ok');
    expect(Buffer.from(gateway.posted[0]?.body ?? []).toString()).toBe('abc');
  });

  it('that are announced too long are refused at once', async () => {
    await using gateway = await bridged();
    const answer = await gateway.send(`POST /tyk/keys HTTP/1.1\r\nHost: gw\r\n${SIGNED}Content-Length: ${MAX_BODY + 1}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*Connection: close/s);
  });

  it('that turn out too long are refused once', async () => {
    await using gateway = await bridged();
    const chunk = `100000\r\n${'x'.repeat(0x10_0000)}\r\n`;
    const answer = await gateway.send(`POST /tyk/keys HTTP/1.1\r\nHost: gw\r\n${SIGNED}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(10)}0\r\n\r\n`);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413']);
    expect(gateway.posted).toEqual([]);
  });
});

describe('calls under way', () => {
  it('are answered in whatever order the main thread answers', async () => {
    await using gateway = await bridged();
    const sent = ['a', 'b', 'c'].map((name) => gateway.send(get(`/tyk/${name}`, SIGNED)));
    await expect.poll(() => gateway.posted.length).toBe(3);
    for (const { id, path } of gateway.posted.toReversed()) gateway.bridge.answer({ kind: 'control-answer', id, status: 200, headers: [], body: path });
    const answers = await Promise.all(sent);
    expect(answers.map((answer) => answer.split('\r\n\r\n')[1])).toEqual(['/tyk/a', '/tyk/b', '/tyk/c']);
  });

  it('whose client went away are forgotten; a second answer is nobody’s', async () => {
    await using gateway = await bridged();
    const socket = gateway.open(get('/tyk/a', SIGNED));
    await expect.poll(() => gateway.posted.length).toBe(1);
    socket.destroy();
    await once(socket, 'close');
    const { id } = gateway.posted[0] as ControlRequestMessage;
    gateway.bridge.answer({ kind: 'control-answer', id, status: 200, headers: [], body: '' });
    gateway.bridge.answer({ kind: 'control-answer', id, status: 200, headers: [], body: '' });
    gateway.posted.length = 0;
    expect(await answered(gateway.send(get('/tyk/b', SIGNED)), gateway, 'still here')).toContain('still here');
  });

  it('are limited in number', async () => {
    await using gateway = await bridged();
    const pipes = Array.from({ length: 1000 }, () => gateway.open(get('/hello')));
    await expect.poll(() => gateway.posted.length, { timeout: 10_000 }).toBe(1000);
    expect(await gateway.send(get('/hello'))).toMatch(/^HTTP\/1\.1 503 .*The control API is busy/s);
    for (const socket of pipes) socket.destroy();
  });
});
