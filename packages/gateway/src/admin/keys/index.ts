import type { Routes } from '../router.ts';
import { addKey } from './add.ts';
import { changePolicy } from './change-policy.ts';
import { createKey, previewKey } from './create.ts';
import { listKeys } from './list.ts';
import { readKey } from './read.ts';
import { removeKey } from './remove.ts';
import { updateKey } from './update.ts';

/** spec/control/gateway-api.md §6. Changes are durable when they are answered and count from the next request on. */
export const keyRoutes: Routes = {
  'POST /tyk/keys/create': createKey,
  'POST /tyk/keys/preview': previewKey,
  'POST /tyk/keys/policy/{name}': changePolicy,
  'GET /tyk/keys': listKeys,
  'POST /tyk/keys': addKey,
  'PUT /tyk/keys': updateKey,
  'DELETE /tyk/keys': removeKey,
  'GET /tyk/keys/{id}': readKey,
  'POST /tyk/keys/{id}': addKey,
  'PUT /tyk/keys/{id}': updateKey,
  'DELETE /tyk/keys/{id}': removeKey,
};
