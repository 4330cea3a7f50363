import type { ClassicApi, ClassicVersion } from '../../definition/classic/types.ts';
import type { ContextVarsConfig } from './schema.ts';

/** `enable_context_vars`, which `middleware.global.contextVariables` becomes. */
export function fromClassic(api: ClassicApi, version: ClassicVersion): ContextVarsConfig | undefined {
  return api.enable_context_vars ? { readsForms: JSON.stringify(version).includes('$tyk_context.request_data') } : undefined;
}
