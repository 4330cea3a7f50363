import type { ClassicApi, ClassicVersion } from '../../definition/classic/types.ts';
import { type Located, readEndpoints } from '../endpoint-config.ts';
import type { RequestSizeConfig, SizedEndpoint } from './schema.ts';

export type RequestSize = RequestSizeConfig & { readonly endpoints: readonly Located<SizedEndpoint>[] };

/** Where any version switches the check on, a positive limit of a version counts even if that version has it disabled. */
export function fromClassic(api: ClassicApi, version: ClassicVersion): RequestSize | undefined {
  if (!Object.values(api.version_data.versions ?? {}).some(switchesOn)) return undefined;
  const endpoints = endpointsOf(version);
  const limit = Math.max(version.global_size_limit, 0);
  return limit === 0 && endpoints.length === 0 ? undefined : { limit, endpoints };
}

function switchesOn(version: ClassicVersion): boolean {
  return (version.global_size_limit > 0 && !version.global_size_limit_disabled) || endpointsOf(version).length > 0;
}

function endpointsOf(version: ClassicVersion): readonly Located<SizedEndpoint>[] {
  return readEndpoints(version, 'size_limits', ({ size_limit }) => ({ limit: size_limit }));
}
