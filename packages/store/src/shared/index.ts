export { createCounterMemory, type CounterMemory, type CounterMemoryOptions } from './layout.ts';
export { SharedCounterStore, type CounterStats } from './counters.ts';
export { takeChanges, type SavedCounter } from './changes.ts';
