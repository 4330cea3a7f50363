import { json } from './answers.ts';
import type { Call, Routes } from './router.ts';

/**
 * `GET /tyk/problems`, which Tyk does not have: what is wrong with the definitions that are loaded, and with files that could not be. An API that is
 * `disabled` is not served, a `degraded` one lacks a feature, an `active` one only has something to look at. Empty lists: all is well.
 */
export const problemRoutes: Routes = {
  'GET /tyk/problems': ({ context }: Call) => {
    const { apis, problems } = context.loaded();
    const troubled = apis.filter((api) => api.status !== 'active' || api.problems.length > 0);
    return json(200, {
      apis: troubled.map((api) => ({ api_id: api.id, name: api.definition.name, status: api.status, problems: api.problems })),
      files: problems,
    });
  },
};
