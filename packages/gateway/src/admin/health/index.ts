import { json, refusal } from '../answers.ts';
import { findApi } from '../apis/write.ts';
import type { AdminAnswer } from '../context.ts';
import { A } from '../errors.ts';
import type { Call, Routes } from '../router.ts';

/** What an API did lately (spec/control/gateway-api.md §12). The first name is misspelt in the format. */
export const healthRoutes: Routes = {
  'GET /tyk/health': ({ context, request }: Call): AdminAnswer => {
    if (!context.config.health_check.enable_health_checks || context.traffic === undefined) return refusal(A.HEALTH_OFF);
    const id = request.query.get('api_id') ?? '';
    if (id === '') return refusal(A.HEALTH_API_MISSING);
    if (findApi(context, id) === undefined) return refusal(A.HEALTH_API_UNKNOWN);
    const traffic = context.traffic(id);
    return json(200, {
      throttle_reqests_per_second: traffic.throttledPerSecond,
      quota_violations_per_second: traffic.quotaViolationsPerSecond,
      key_failures_per_second: traffic.keyFailuresPerSecond,
      average_upstream_latency: traffic.upstreamMs,
      average_requests_per_second: traffic.requestsPerSecond,
    });
  },
};
