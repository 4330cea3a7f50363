import { StoreError } from '@gatehouse/store';
import { refusal } from '../answers.ts';
import { A } from '../errors.ts';
import type { Action, Routes } from '../router.ts';
import { addKey } from './add.ts';
import { changePolicy } from './change-policy.ts';
import { createKey, previewKey } from './create.ts';
import { listKeys } from './list.ts';
import { readKey } from './read.ts';
import { removeKey } from './remove.ts';
import { updateKey } from './update.ts';

/** spec/control/gateway-api.md §6. Changes are durable when they are answered and count from the next request on. */
export const keyRoutes: Routes = {
  'POST /tyk/keys/create': storing(createKey),
  'POST /tyk/keys/preview': previewKey,
  'POST /tyk/keys/policy/{name}': changePolicy,
  'GET /tyk/keys': listKeys,
  'POST /tyk/keys': storing(addKey),
  'PUT /tyk/keys': storing(updateKey),
  'DELETE /tyk/keys': removeKey,
  'GET /tyk/keys/{id}': readKey,
  'POST /tyk/keys/{id}': storing(addKey),
  'PUT /tyk/keys/{id}': storing(updateKey),
  'DELETE /tyk/keys/{id}': removeKey,
};

/** A store that cannot be written answers as Tyk's does; the log has the reason. */
function storing(action: Action): Action {
  return async (call) => {
    try {
      return await action(call);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      call.context.log('error', error.message, { code: error.code });
      return refusal(A.KEY_NOT_CREATED);
    }
  };
}
