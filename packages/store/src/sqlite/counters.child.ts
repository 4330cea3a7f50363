// Child process of counters.test.ts: counts as fast as a gateway would and tells how far it came, until it is killed.
import { counterName } from '../counter-name.ts';
import { createCounterMemory, SharedCounterStore } from '../shared/index.ts';
import { openCounterPersistence } from './index.ts';

const memory = createCounterMemory();
const folder = process.argv[2] ?? '';
const persistence = openCounterPersistence({
  folder,
  memory,
  onError: (error) => {
    throw error;
  },
});
persistence.start();
const store = new SharedCounterStore(memory);
const name = counterName('quota-kill');

setInterval(() => {
  let count = 0;
  for (let i = 0; i < 100; i++) count = store.hit(name, 3_600_000, Date.now()).count;
  process.send?.(count);
}, 10);
