import { expect, test } from 'vitest';
import { HEAP_ALLOWANCE, soak } from './soak.ts';

test('a short soak leaves nothing behind', async () => {
  const { requests, failures, heapGrowth, sockets, connections, pooled, deadlines } = await soak(1500, 7);
  expect(failures).toEqual([]);
  expect(requests).toBeGreaterThanOrEqual(1500);
  expect({ sockets, connections, pooled, deadlines }).toEqual({ sockets: 0, connections: 0, pooled: 0, deadlines: 0 });
  expect(heapGrowth).toBeLessThan(HEAP_ALLOWANCE);
}, 120_000);
