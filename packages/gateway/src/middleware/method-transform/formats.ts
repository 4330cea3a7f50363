import type { ClassicVersion } from '../../definition/classic/types.ts';
import { type Located, readEndpoints } from '../endpoint-config.ts';
import type { MethodEndpoint } from './schema.ts';

export function fromClassic(version: ClassicVersion): readonly Located<MethodEndpoint>[] | undefined {
  const endpoints = readEndpoints(version, 'method_transforms', (entry) => ({ to: entry.to_method }));
  return endpoints.length === 0 ? undefined : endpoints;
}
