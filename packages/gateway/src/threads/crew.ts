import { Worker } from 'node:worker_threads';
import type { Log } from '../contract/site.ts';
import type { DebugAnswer, DebugRequest } from '../debug/types.ts';
import type { Problem } from '../schema/problem.ts';
import type { ControlRequestMessage, DefinitionMessage, FromThread, GenerationMessage, ThreadBoot, ToThread } from './messages.ts';

export interface CrewHooks {
  readonly log: Log;
  control(request: ControlRequestMessage, answer: (message: ToThread) => void): void;
  message(message: FromThread): void;
  /** A thread died more often than can be an accident. */
  givenUp(reason: string): void;
}

interface Member {
  readonly index: number;
  worker: Worker;
  /** Resolves when the worker can serve, or is gone. */
  up: Promise<void>;
  /** Hashes of definitions that the thread has: their text is not sent again. */
  known: Set<string>;
  waiting: ((message: Extract<FromThread, { kind: 'serving' }>) => void)[];
}

/** Something that one thread was asked; `undefined` answers for a thread that died. */
interface Question {
  readonly worker: Worker;
  answer(value: unknown): void;
}

/**
 * Young generation of a data thread. What a request allocates dies with it, if the collector does not come by too often: 32 MiB took a tenth
 * off the CPU time per request against 8 MiB, for some 20 MiB of memory.
 */
const YOUNG_GENERATION_MB = 32;

/** Deaths within a minute after which a thread is not started again. */
const MAX_DEATHS = 5;

/** The data threads, seen from the main thread: starts, restarts, hands out generations, collects what they send. */
export class Crew {
  private readonly boot: ThreadBoot;
  private readonly hooks: CrewHooks;
  private readonly members: Member[] = [];
  private readonly deaths: number[] = [];
  private readonly asked = new Map<number, Question>();
  private last: GenerationMessage | undefined;
  private stopping = false;
  private nextAsk = 1;

  constructor(count: number, boot: ThreadBoot, hooks: CrewHooks) {
    this.boot = boot;
    this.hooks = hooks;
    for (let index = 0; index < count; index++) this.members.push(this.hire(index));
  }

  get size(): number {
    return this.members.length;
  }

  /** Resolves when every thread serves the generation, with the ports that could not be opened. */
  async serve(generation: GenerationMessage): Promise<Problem[]> {
    this.last = generation;
    // So that all begin at once: who is asked while others still start would have to say that the gateway is not ready.
    await Promise.all(this.members.map((member) => member.up));
    const answers = await Promise.all(this.members.map((m) => this.send(m, generation)));
    return answers.flatMap((a) => a.problems);
  }

  private send(member: Member, generation: GenerationMessage): Promise<Extract<FromThread, { kind: 'serving' }>> {
    const definitions = generation.definitions.map((d) => (member.known.has(keyOf(d)) ? { ...d, classic: undefined, oas: undefined } : d));
    member.known = new Set(generation.definitions.map(keyOf));
    return new Promise((resolve) => {
      member.waiting.push(resolve);
      member.worker.postMessage({ ...generation, definitions });
    });
  }

  /** Snapshots of the metrics of all threads. */
  async metrics(): Promise<unknown[]> {
    const snapshots = await Promise.all(this.members.map((member) => this.ask(member, (id) => ({ kind: 'metrics', id }))));
    return snapshots.filter((snapshot) => snapshot !== undefined);
  }

  /** Sends a request through a definition that is not kept, on one of the threads; undefined where that thread died over it. */
  async debug(definition: DefinitionMessage, request: DebugRequest): Promise<DebugAnswer | undefined> {
    const member = this.members[this.nextAsk % this.members.length];
    return member && ((await this.ask(member, (id) => ({ kind: 'debug', id, definition, request }))) as DebugAnswer | undefined);
  }

  private ask({ worker }: Member, message: (id: number) => ToThread): Promise<unknown> {
    if (this.stopping) return Promise.resolve(undefined);
    const id = this.nextAsk++;
    return new Promise((answer) => {
      this.asked.set(id, { worker, answer });
      worker.postMessage(message(id));
    });
  }

  /** Drains all threads: no new connections, open ones finish within `graceMs`; then they end. */
  async close(graceMs: number): Promise<void> {
    this.stopping = true;
    await Promise.all(this.members.map((m) => this.dismiss(m, graceMs)));
  }

  private async dismiss(member: Member, graceMs: number): Promise<void> {
    // It ended by itself, and nobody took its place.
    if (member.worker.threadId < 0) return;
    const drained = new Promise<void>((resolve) => {
      member.worker.on('message', (message: FromThread) => message.kind === 'drained' && resolve());
      member.worker.once('exit', () => resolve());
    });
    member.worker.postMessage({ kind: 'drain', graceMs } satisfies ToThread);
    await drained;
    await member.worker.terminate();
  }

  private hire(index: number): Member {
    const member: Member = { index, worker: this.startWorker(), up: Promise.resolve(), known: new Set(), waiting: [] };
    this.watch(member);
    return member;
  }

  private startWorker(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    return new Worker(new URL(`./data-thread.${extension}`, import.meta.url), {
      workerData: this.boot,
      name: 'data',
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
  }

  private watch(member: Member): void {
    const { worker } = member;
    member.up = new Promise((resolve) => void worker.once('message', () => resolve()).once('exit', () => resolve()));
    worker.on('message', (message: FromThread) => this.receive(member, worker, message));
    worker.on('error', (error: unknown) =>
      this.hooks.log('error', 'data thread failed', { thread: member.index, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
    worker.on('exit', () => {
      for (const [id, question] of this.asked) if (question.worker === worker) this.answered(id, undefined);
      this.replace(member);
    });
  }

  private receive(member: Member, worker: Worker, message: FromThread): void {
    // To the thread that asked, never to its successor, whose requests have the same numbers.
    if (message.kind === 'control') this.hooks.control(message, (answer) => worker.postMessage(answer));
    else if (message.kind === 'serving') member.waiting.shift()?.(message);
    else if (message.kind === 'metrics') this.answered(message.id, message.snapshot);
    else if (message.kind === 'debugged') this.answered(message.id, message.answer);
    else this.hooks.message(message);
  }

  private answered(id: number, value: unknown): void {
    const question = this.asked.get(id);
    this.asked.delete(id);
    question?.answer(value);
  }

  /** A dead thread is replaced and gets the running generation; too many deaths in a minute end the process. */
  private replace(member: Member): void {
    if (this.stopping) return;
    const now = Date.now();
    this.deaths.push(now);
    if (this.deaths.filter((at) => now - at < 60_000).length > MAX_DEATHS) return this.hooks.givenUp('data threads keep failing; the log says why');
    member.worker = this.startWorker();
    member.known = new Set();
    this.watch(member);
    const { waiting } = member;
    member.waiting = [];
    if (this.last) void this.send(member, this.last).then((message) => waiting.forEach((resolve) => resolve(message)));
  }
}

const keyOf = (d: GenerationMessage['definitions'][number]): string => `${d.hash} ${d.listenPath}`;
