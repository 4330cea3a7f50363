import type { StartedProcess, TempFolder } from '@gatehouse/testkit';

/** What every proxy of a run shares. */
export interface Site {
  /** Folder of this run: configuration files, logs. */
  folder: TempFolder;
  /** Ports of 127.0.0.1: `plain` answers /bench/small and /bench/64k, `sink` takes uploads at /bench/upload. */
  upstream: { plain: number; sink: number };
  /** PEM files of the certificate that proxies show. */
  certFile: string;
  keyFile: string;
}

/** How a proxy is to run in one case. */
export interface Variant {
  tls?: boolean;
  /** Only for ours: */
  keyed?: boolean;
  /** Rate limit and quota on the key. */
  limited?: boolean;
  analytics?: boolean;
  apis?: number;
  threads?: number;
}

export interface RunningTarget extends AsyncDisposable {
  /** Root of the process tree that is measured. */
  readonly pid: number;
  /** Where /bench/… is. */
  readonly origin: string;
  /** Value of the Authorization field, where the variant wants one. */
  readonly key?: string;
}

export interface Target {
  readonly name: string;
  /** Debian package to install where the program is missing; undefined: comes with npm. */
  readonly program?: string;
  start(site: Site, variant: Variant): Promise<RunningTarget>;
}

/** A target that is one started process. */
export function runningTarget(child: StartedProcess, scheme: string, port: number): RunningTarget {
  return { pid: child.pid, origin: `${scheme}://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}
