import { Worker } from 'node:worker_threads';
import type { Log } from '../contract/site.ts';
import type { Problem } from '../schema/problem.ts';
import type { ControlRequestMessage, FromThread, GenerationMessage, ThreadBoot, ToThread } from './messages.ts';

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
  /** Hashes of definitions that the thread has: their text is not sent again. */
  known: Set<string>;
  waiting: ((message: Extract<FromThread, { kind: 'serving' }>) => void)[];
}

/** Deaths within a minute after which a thread is not started again. */
const MAX_DEATHS = 5;

/** The data threads, seen from the main thread: starts, restarts, hands out generations, collects what they send. */
export class Crew {
  private readonly boot: ThreadBoot;
  private readonly hooks: CrewHooks;
  private readonly members: Member[] = [];
  private readonly deaths: number[] = [];
  private readonly asked = new Map<number, (snapshot: unknown) => void>();
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
    const answers = await Promise.all(this.members.map((m) => this.send(m, generation)));
    return answers.flatMap((a) => [...a.problems]);
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
  metrics(): Promise<unknown[]> {
    return Promise.all(
      this.members.map((member) => {
        const id = this.nextAsk++;
        return new Promise((resolve) => {
          this.asked.set(id, resolve);
          member.worker.postMessage({ kind: 'metrics', id } satisfies ToThread);
        });
      }),
    );
  }

  /** Drains all threads: no new connections, open ones finish within `graceMs`; then they end. */
  async close(graceMs: number): Promise<void> {
    this.stopping = true;
    await Promise.all(this.members.map((m) => this.dismiss(m, graceMs)));
  }

  private async dismiss(member: Member, graceMs: number): Promise<void> {
    const drained = new Promise<void>((resolve) => {
      member.worker.on('message', (message: FromThread) => message.kind === 'drained' && resolve());
      member.worker.once('exit', () => resolve());
    });
    member.worker.postMessage({ kind: 'drain', graceMs } satisfies ToThread);
    await drained;
    await member.worker.terminate();
  }

  private hire(index: number): Member {
    const member: Member = { index, worker: this.startWorker(), known: new Set(), waiting: [] };
    this.watch(member);
    return member;
  }

  private startWorker(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    return new Worker(new URL(`./data-thread.${extension}`, import.meta.url), { workerData: this.boot, name: 'data' });
  }

  private watch(member: Member): void {
    const { worker } = member;
    worker.on('message', (message: FromThread) => this.receive(member, message));
    worker.on('error', (error: unknown) => this.hooks.log('error', 'data thread failed', { thread: member.index, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
    worker.on('exit', () => this.replace(member));
  }

  private receive(member: Member, message: FromThread): void {
    if (message.kind === 'control') this.hooks.control(message, (answer) => member.worker.postMessage(answer));
    else if (message.kind === 'serving') member.waiting.shift()?.(message);
    else if (message.kind === 'metrics') this.answered(message.id, message.snapshot);
    else this.hooks.message(message);
  }

  private answered(id: number, snapshot: unknown): void {
    this.asked.get(id)?.(snapshot);
    this.asked.delete(id);
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
