import { MemoryCounterStore } from '@gatehouse/store/memory';
import type { GatewayConfig } from '../config/index.ts';
import type { Services } from '../contract/site.ts';
import { createServices } from '../threads/services.ts';

/** Services for compiling definitions that are only looked at: no keys, no shared counters, no log. */
export function inertServices(config: GatewayConfig): Services {
  return createServices({
    config,
    counters: new MemoryCounterStore(),
    turns: new Int32Array(1),
    log: () => undefined,
    identify: () => undefined,
    event: () => undefined,
  });
}
