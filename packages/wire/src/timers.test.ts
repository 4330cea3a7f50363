import { expect, it } from 'vitest';
import { eventually } from './peers.ts';
import { Deadline, deadlinesOnClock } from './timers.ts';

it('a deadline fires once, never early', async () => {
  let fired = 0;
  const from = performance.now();
  let took = 0;
  const deadline = new Deadline(() => {
    fired++;
    took = performance.now() - from;
  });
  deadline.set(120);
  expect(deadline.armed).toBe(true);
  await eventually(() => fired === 1);
  expect(took).toBeGreaterThanOrEqual(120);
  expect(deadline.armed).toBe(false);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(fired).toBe(1);
});

it('deadlines are moved both ways, cleared and stopped', async () => {
  const fired: string[] = [];
  const make = (name: string): Deadline => new Deadline(() => fired.push(name));
  const [earlier, later, cleared, stopped, late] = [make('earlier'), make('later'), make('cleared'), make('stopped'), make('late')];
  earlier.set(60_000);
  earlier.set(50);
  later.set(50);
  later.set(200);
  cleared.set(50);
  cleared.clear();
  stopped.set(50);
  stopped.stop();
  late.set(60_000);
  await eventually(() => fired.length === 2);
  expect(fired).toEqual(['earlier', 'later']);
  late.stop();
  await eventually(() => deadlinesOnClock() === 0);
});

it('a cleared deadline can be set again, and 0 clears', async () => {
  let fired = 0;
  const deadline = new Deadline(() => fired++);
  deadline.set(50);
  deadline.set(0);
  expect(deadline.armed).toBe(false);
  deadline.set(50);
  await eventually(() => fired === 1);
});

it('deadlines beyond one round of the clock wait for their round', async () => {
  let fired = 0;
  const long = new Deadline(() => fired++);
  const short = new Deadline(() => fired++);
  // 256 slots of 50 ms: both share a slot.
  long.set(12_800 + 100);
  short.set(100);
  await eventually(() => fired === 1);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(fired).toBe(1);
  expect(long.armed).toBe(true);
  long.stop();
});
