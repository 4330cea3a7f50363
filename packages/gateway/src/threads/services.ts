import type { CounterStore, Maybe } from '@gatehouse/store';
import type { GatewayConfig } from '../config/types.ts';
import type { EffectiveIdentity } from '../contract/identity.ts';
import type { ApiFrame, Log, Services } from '../contract/site.ts';

/** Load-balancing turns in shared memory: a slot per API by its id; two APIs on one slot only shift each other's turns. */
function sharedTurns(turns: Int32Array): Services['turn'] {
  return (apiId) => {
    const slot = slotOf(apiId, turns.length);
    return { next: (count) => (Atomics.add(turns, slot, 1) >>> 0) % count };
  };
}

function slotOf(text: string, slots: number): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return (hash >>> 0) % slots;
}

export interface ServiceParts {
  readonly config: GatewayConfig;
  readonly counters: CounterStore;
  readonly turns: Int32Array;
  readonly log: Log;
  identify(credential: string, api: ApiFrame): Maybe<EffectiveIdentity | undefined>;
  event: Services['event'];
}

export function createServices(parts: ServiceParts): Services {
  return {
    config: parts.config,
    counters: parts.counters,
    identify: parts.identify,
    turn: sharedTurns(parts.turns),
    now: Date.now,
    log: parts.log,
    event: parts.event,
  };
}
