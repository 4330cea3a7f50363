/** A clock that moves when it is told to. */
export interface TestClock {
  /** Milliseconds since the epoch. */
  now(): number;
  advance(ms: number): void;
}

/** Starts at a full second, so that windows and buckets begin where a test expects them. */
export function testClock(start: number = Date.UTC(2026, 0, 1)): TestClock {
  let at = start;
  return {
    now: () => at,
    advance: (ms) => {
      at += ms;
    },
  };
}
