import type { Site } from './targets/target.ts';

/** How long things take, and where they run. */
export interface Settings {
  site: Site;
  /** Seconds of load before and during a measurement. */
  warmUp: number;
  measured: number;
  /** Starts of which the middle one counts. */
  starts: number;
  idleConnections: number;
  /** Only our own gateway. */
  gatewayOnly: boolean;
}

export const FULL = { warmUp: 3, measured: 8, starts: 5, idleConnections: 5000 } as const;
export const QUICK = { warmUp: 1, measured: 3, starts: 1, idleConnections: 1000 } as const;
