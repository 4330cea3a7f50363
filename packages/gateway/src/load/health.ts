import type { KeyStore } from '@gatehouse/store';
import type { AdminContext } from '../admin/context.ts';
import type { GatewayConfig } from '../config/types.ts';

type Health = ReturnType<AdminContext['health']>;

/** Under this name monitors look for the store of keys, whatever it is here. */
const STORE = 'redis';

/** Seconds between checks where the configuration says nothing. */
const EVERY = 10;

/**
 * Checks the key store every `liveness_check.check_duration`. Before the first check there is nothing to tell
 * (spec/gateway/analytics-and-observability.md §5).
 */
export function createHealth({ config, keys }: { readonly config: GatewayConfig; readonly keys: KeyStore }): () => Health {
  let latest: Health = { status: 'pass', details: {} };
  const check = async (): Promise<void> => {
    latest = await checkStore(keys);
  };
  setInterval(() => void check(), (config.liveness_check.check_duration || EVERY) * 1000).unref();
  return () => latest;
}

async function checkStore(keys: KeyStore): Promise<Health> {
  const base = { componentType: 'datastore', time: new Date().toISOString() };
  try {
    await keys.get('health');
    return { status: 'pass', details: { [STORE]: { status: 'pass', ...base } } };
  } catch (error) {
    return { status: 'fail', details: { [STORE]: { status: 'fail', ...base, output: error instanceof Error ? error.message : String(error) } } };
  }
}
