import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCounterMemory } from '@gatehouse/store/shared';
import { openKeyStore } from '@gatehouse/store/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayConfig, loadConfig } from '../config/index.ts';
import { Crew } from './crew.ts';
import type { ControlRequestMessage, GenerationMessage, ToThread } from './messages.ts';

/** Control requests that came, with the way back. */
type Asked = readonly [request: ControlRequestMessage, answer: (message: ToThread) => void];

let folder: string;
let port: number;
let crew: Crew;
let asked: Asked[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'crew-'));
  port = await freePort();
  asked = [];
  const config = configuration();
  const keyEpoch = new Int32Array(new SharedArrayBuffer(4));
  // The threads only read: somebody has to make the store.
  openKeyStore({ folder, epoch: keyEpoch, readOnly: false }).close();
  const shared = { counters: createCounterMemory(), keyEpoch, turns: new Int32Array(new SharedArrayBuffer(64)), ticketKeys: randomBytes(48) };
  const boot = { config, shared, certificates: [], version: '0.0.0', templates: [], dataFolder: folder, upstreamCa: '', reusePort: false };
  crew = new Crew(1, boot, {
    log: () => undefined,
    control: (...pair) => void asked.push(pair),
    message: () => undefined,
    givenUp: (reason) => {
      throw new Error(reason);
    },
  });
  expect(await crew.serve(GENERATION())).toEqual([]);
});

afterEach(async () => {
  await crew.close(0);
  rmSync(folder, { recursive: true });
});

function configuration(): GatewayConfig {
  const file = path.join(folder, 'tyk.conf');
  writeFileSync(file, JSON.stringify({ secret: 'hush', listen_port: port }));
  return loadConfig({ files: [file], required: true, env: {}, compat: false }).config;
}

const GENERATION = (): GenerationMessage => ({
  kind: 'generation',
  number: 1,
  definitions: [],
  policies: '{}',
  ports: [{ host: '127.0.0.1', port, protocol: 'http', control: true, own: true, apis: [] }],
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  return free;
}

async function call(request: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`GET ${request} HTTP/1.1\r\nHost: gw\r\nX-Tyk-Authorization: hush\r\n\r\n`);
  return socket;
}

const killThread = (): Promise<number> | undefined => crew['members'][0]?.worker.terminate();

describe('a data thread that dies', () => {
  it('is replaced by one that serves the same', async () => {
    await killThread();
    expect(await crew.serve(GENERATION())).toEqual([]);
    await call('/tyk/a');
    await expect.poll(() => asked.length).toBe(1);
  });

  it('leaves nobody waiting who asked it something', async () => {
    const request = { method: 'GET', path: '/', fields: [], body: '' };
    const definition = { hash: '', classic: '{}', oas: undefined, listenPath: '/a/', incarnation: 0 };
    const metrics = crew.metrics();
    const debug = crew.debug(definition, request);
    const served = crew.serve(GENERATION());
    await killThread();
    await Promise.all([metrics, debug, served]);
    expect(await crew.metrics()).toHaveLength(1);
  });

  it('ends the connections of its clients', async () => {
    const socket = await call('/tyk/a');
    socket.resume().on('error', () => undefined);
    await expect.poll(() => asked.length).toBe(1);
    const closed = once(socket, 'close');
    await killThread();
    await closed;
  });

  it('leaves no answer to its successor, whose calls have the same numbers', async () => {
    const lost = await call('/tyk/lost');
    lost.on('error', () => undefined);
    await expect.poll(() => asked.length).toBe(1);
    await killThread();
    await crew.serve(GENERATION());
    const socket = await call('/tyk/mine');
    await expect.poll(() => asked.length).toBe(2);
    const [[first, answerFirst], [second, answerSecond]] = asked as [Asked, Asked];
    expect(second.id).toBe(first.id);
    answerFirst({ kind: 'control-answer', id: first.id, status: 200, headers: [], body: 'lost' });
    answerSecond({ kind: 'control-answer', id: second.id, status: 200, headers: [], body: 'mine' });
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/mine$/);
    socket.destroy();
  });
});

describe('an end', () => {
  it('comes also where the thread is gone already, and answers questions', async () => {
    const worker = crew['members'][0]?.worker;
    const closed = crew.close(1000);
    await worker?.terminate();
    await closed;
    expect(await crew.metrics()).toEqual([]);
  });
});
