// Measures one `hit`: node --conditions=@gatehouse/source packages/store/bench/counters.ts
import { counterName } from '@gatehouse/store';
import { createCounterMemory, SharedCounterStore } from '@gatehouse/store/shared';

function measure(label: string, names: number, hits: number): void {
  const store = new SharedCounterStore(createCounterMemory());
  const list = Array.from({ length: names }, (_, i) => counterName(`quota-key-${i}`));
  const now = Date.now();
  let at = 0;
  const round = (count: number): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      at = (at + 7919) % names;
      sum += store.hit(list[at] ?? counterName(''), 3_600_000, now).count;
    }
    return sum;
  };
  round(Math.max(names, 100_000));
  const started = performance.now();
  round(hits);
  const nanoseconds = ((performance.now() - started) * 1e6) / hits;
  process.stdout.write(`${label.padEnd(24)} ${nanoseconds.toFixed(0)} ns per hit  ${JSON.stringify(store.stats())}\n`);
}

measure('one name', 1, 5_000_000);
measure('1,000 names', 1_000, 5_000_000);
measure('100,000 names', 100_000, 5_000_000);
measure('1,000,000 names', 1_000_000, 5_000_000);
