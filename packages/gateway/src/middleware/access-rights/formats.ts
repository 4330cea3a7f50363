import type { ClassicApi } from '../../definition/classic/types.ts';
import type { AccessRightsConfig } from './schema.ts';

export function fromClassic(api: ClassicApi): AccessRightsConfig | undefined {
  if (api.use_keyless) return undefined;
  const { not_versioned, default_version } = api.version_data;
  return { versioned: !not_versioned, defaultVersion: default_version, fallback: api.definition.fallback_to_default };
}
