import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessOptions {
  cwd?: string;
  /** Added to the environment of this process. */
  env?: NodeJS.ProcessEnv;
  /** Milliseconds until a wait gives up; default 30,000. */
  patience?: number;
}

/** A started command; `await using` ends it and waits for its end. */
export interface StartedProcess extends AsyncDisposable {
  readonly pid: number;
  /** Everything that it wrote on stdout and stderr so far. */
  readonly output: string;
  /** Exit code and signal, once it is over. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** The first line that matches, also one that is there already. Throws with the output where the process ends before, or patience does. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when something accepts connections on the port of 127.0.0.1. */
  port(port: number): Promise<void>;
  kill(signal?: NodeJS.Signals): void;
}

const GRACE_MS = 5000;
const PAUSE_MS = 20;

/** Starts a command without a shell. */
export function startProcess(
  command: readonly [string, ...string[]],
  { cwd = process.cwd(), env = {}, patience = 30_000 }: ProcessOptions = {},
): StartedProcess {
  const child = spawn(command[0], command.slice(1), { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const state = { output: '', over: false };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (state.output += text));
  const ended = endOf(child).then((end) => ((state.over = true), end));
  const wait = async <T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> => {
    for (const until = Date.now() + patience; Date.now() < until; await sleep(PAUSE_MS)) {
      const over = state.over; // looked at before, so that the last output counts
      const found = await look();
      if (found !== undefined) return found;
      if (over) break;
    }
    throw new Error(`${command.join(' ')}: ${state.over ? 'ended' : `${patience} ms went by`} without ${what}. Output:\n${state.output}`);
  };
  return {
    pid: child.pid ?? -1,
    get output() {
      return state.output;
    },
    ended,
    line: (pattern) => wait(`a line ${pattern}`, () => matching(state.output, pattern)),
    port: async (port) => void (await wait(`a listener on port ${port}`, async () => ((await accepts(port)) ? true : undefined))),
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    [Symbol.asyncDispose]: () => stop(child, ended),
  };
}

async function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal };
  } catch {
    return { code: null, signal: null }; // could not be started
  }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}

function matching(output: string, pattern: RegExp): RegExpExecArray | undefined {
  for (const line of output.split('\n')) {
    const match = pattern.exec(line);
    if (match) return match;
  }
  return undefined;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Ports that the system gives to outgoing connections begin above: nothing takes one of these by chance between the look and the use. */
const [LOWEST, HIGHEST] = [15_000, 29_000];

/** Where this process goes on looking: processes start at different places, so that test files that run side by side do not meet. */
let nextPort = LOWEST + ((process.pid * 97) % (HIGHEST - LOWEST));

/** A port of 127.0.0.1 that nothing listened on a moment ago; for commands that cannot listen on port 0. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort;
    nextPort = nextPort + 1 < HIGHEST ? nextPort + 1 : LOWEST;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
