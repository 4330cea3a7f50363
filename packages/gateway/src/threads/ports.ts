import { DEFAULT_SERVER_LIMITS, type ExchangeHandler, type Listener, type ServerLimits, type TlsChooser, listen } from '@gatehouse/wire';
import type { Problem } from '../schema/problem.ts';
import type { PortMessage } from './messages.ts';

export interface PortSettings {
  readonly reusePort: boolean;
  readonly closeConnections: boolean;
  readonly limits: ServerLimits;
  readonly tls: TlsChooser | undefined;
  /** Handler of one port; it lives as long as the listener. */
  handler(port: number): ExchangeHandler;
}

/** Grace for requests on a port that a reload no longer needs (spec/gateway/request-chain.md §1). */
const UNUSED_GRACE_MS = 10_000;

/** The listeners of one data thread: a reload opens and closes only what changed. */
export class Ports {
  private readonly settings: PortSettings;
  private readonly open = new Map<string, Listener>();

  constructor(settings: PortSettings) {
    this.settings = settings;
  }

  /** Opens what is wanted and missing, closes what is open and not wanted. Ports that cannot be opened are problems. */
  async apply(wanted: readonly PortMessage[]): Promise<Problem[]> {
    const keys = new Set(wanted.map(keyOf));
    for (const [key, listener] of this.open) {
      if (keys.has(key)) continue;
      this.open.delete(key);
      void listener.close(UNUSED_GRACE_MS);
    }
    const problems: Problem[] = [];
    for (const port of wanted) if (!this.open.has(keyOf(port))) await this.openPort(port, problems);
    return problems;
  }

  private async openPort(port: PortMessage, problems: Problem[]): Promise<void> {
    const { settings } = this;
    if (port.protocol === 'https' && !settings.tls) return void problems.push(noCertificate(port));
    try {
      const tls = port.protocol === 'https' ? settings.tls : undefined;
      const options = { host: port.host, port: port.port, reusePort: settings.reusePort, h2c: true, ...(tls ? { tls } : {}) };
      const hooks = { closeConnections: settings.closeConnections };
      this.open.set(keyOf(port), await listen(options, settings.limits, hooks, settings.handler(port.port)));
    } catch (error) {
      problems.push(portProblem(port, error));
    }
  }

  /** Stops accepting everywhere; resolves when the last connection is gone, at the latest after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    await Promise.all([...this.open.values()].map((l) => l.close(graceMs)));
  }

  get connections(): number {
    return [...this.open.values()].reduce((sum, l) => sum + l.connections, 0);
  }
}

const keyOf = (port: PortMessage): string => `${port.protocol} ${port.host} ${port.port}`;

/** `listen.failed` for a port of the gateway, `listen.api_port` for one that a definition asks for. */
export function portProblem(port: Pick<PortMessage, 'host' | 'port' | 'own'>, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const address = `${port.host === '' ? '*' : port.host}:${port.port}`;
  const reason =
    code === 'EADDRINUSE'
      ? 'another process listens there'
      : code === 'EACCES'
        ? 'not permitted for this user'
        : error instanceof Error
          ? error.message
          : String(error);
  return {
    code: port.own ? 'listen.failed' : 'listen.api_port',
    path: '/listen_port',
    message: `cannot listen on ${address}: ${reason}`,
    hint: 'free the port, or choose another one (listen_port)',
  };
}

function noCertificate(port: PortMessage): Problem {
  return {
    code: port.own ? 'listen.no_certificate' : 'listen.api_port',
    path: '/http_server_options/certificates',
    message: `port ${port.port} is to speak TLS, but no certificate is configured`,
    hint: 'add one to http_server_options.certificates',
  };
}

/** Limits of client connections from the configuration: read and write time-outs are seconds, 0 means 120 (defaults-and-config.md §3). */
export function serverLimits(readTimeout: number, writeTimeout: number): ServerLimits {
  return { ...DEFAULT_SERVER_LIMITS, bodyTimeout: (readTimeout > 0 ? readTimeout : 120) * 1000, writeTimeout: (writeTimeout > 0 ? writeTimeout : 120) * 1000 };
}
