import { ok } from './answers.ts';
import type { Call, Routes } from './router.ts';

/** spec/control/gateway-api.md §2. A single node is its whole group. */
export const reloadRoutes: Routes = {
  'GET /tyk/reload': async (call) => {
    const done = reload(call);
    if (call.request.query.get('block') === 'true') await done;
    return ok();
  },
  'GET /tyk/reload/group': (call) => {
    void reload(call);
    return ok();
  },
};

/** A failed reload keeps the running generation: who asked is answered all the same, the log tells. */
async function reload({ context }: Call): Promise<void> {
  try {
    await context.reload();
  } catch (error) {
    context.log('error', 'Reload failed, the running definitions stay', { error: String(error) });
  }
}
