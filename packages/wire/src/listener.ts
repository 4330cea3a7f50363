import { createServer, type Server, type Socket } from 'node:net';
import { Accepted, type Service } from './accept.ts';
import type { ExchangeHandler, Listener, ListenOptions, ServerHooks, ServerLimits } from './types.ts';

/** Connections that the kernel holds until they are accepted; the kernel cuts it to its own limit. */
const BACKLOG = 4096;

/**
 * Opens a port and serves every connection on it: plain or TLS, HTTP/1.1 or HTTP/2 as it turns out. Rejects with the system's error
 * (`EADDRINUSE`, `EACCES`, …), which names address and port, when the port cannot be opened.
 */
export function listen(options: ListenOptions, limits: ServerLimits, hooks: ServerHooks, handler: ExchangeHandler): Promise<Listener> {
  return new PortListener({ options, limits, hooks, handler }).open();
}

class PortListener implements Listener {
  port = 0;

  private readonly service: Service;
  private readonly server: Server;
  private readonly accepted: Set<Accepted> = new Set();
  private stopped: Promise<void> | undefined = undefined;
  private emptied: (() => void) | undefined = undefined;

  constructor(service: Service) {
    this.service = service;
    // A client that has closed its side may still wait for answers.
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.accept(socket));
  }

  get connections(): number {
    return this.accepted.size;
  }

  open(): Promise<Listener> {
    const { host, port, reusePort, backlog = BACKLOG } = this.service.options;
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port, reusePort, backlog, exclusive: true }, () => {
        this.server.off('error', reject);
        // Failed accepts (out of descriptors) hurt one connection, not the port.
        this.server.on('error', () => undefined);
        const address = this.server.address();
        if (address !== null && typeof address === 'object') this.port = address.port;
        resolve(this);
      });
    });
  }

  async close(graceMs: number): Promise<void> {
    this.stopped ??= this.stop();
    const timer = setTimeout(() => this.breakOff(), graceMs);
    await this.stopped;
    clearTimeout(timer);
  }

  private async stop(): Promise<void> {
    const stopped = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const emptied = new Promise<void>((resolve) => (this.emptied = resolve));
    for (const one of this.accepted) one.close(true);
    if (this.accepted.size > 0) await emptied;
    await stopped;
  }

  private breakOff(): void {
    for (const one of this.accepted) one.close(false);
  }

  private accept(socket: Socket): void {
    const accepted = new Accepted(socket, this.service, (gone) => this.gone(gone));
    this.accepted.add(accepted);
    accepted.begin();
  }

  private gone(accepted: Accepted): void {
    this.accepted.delete(accepted);
    if (this.accepted.size === 0) this.emptied?.();
  }
}
