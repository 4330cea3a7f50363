import { createServer } from 'node:net';
import type { Problem } from '../schema/problem.ts';
import type { GenerationMessage, PortMessage } from './messages.ts';
import { portProblem } from './ports.ts';

export interface ProbedGeneration {
  /** Without the ports that are taken. */
  readonly generation: GenerationMessage;
  readonly problems: readonly Problem[];
}

/**
 * Looks whether new ports are free before any thread listens. Threads share their ports (SO_REUSEPORT), so the system would let a second
 * gateway on the same machine share them as well, and take half of the first one's connections.
 */
export class PortProbe {
  private readonly open = new Set<number>();

  async probe(generation: GenerationMessage): Promise<ProbedGeneration> {
    const problems: Problem[] = [];
    const free: PortMessage[] = [];
    for (const port of generation.ports) {
      const error = this.open.has(port.port) ? undefined : await bindError(port);
      if (error) problems.push(portProblem(port, error));
      else free.push(port);
    }
    this.open.clear();
    for (const { port } of free) this.open.add(port);
    return { generation: { ...generation, ports: free }, problems };
  }
}

/** Why the port cannot be bound alone; undefined where it can. */
function bindError({ host, port }: PortMessage): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ ...(host === '' ? {} : { host }), port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
