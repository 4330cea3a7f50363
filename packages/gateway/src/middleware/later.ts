import type { ClassicApi, ClassicVersion, ExtendedPaths, PluginHook } from '../definition/classic/types.ts';
import type { OasDocument } from '../definition/oas/index.ts';
import { pointer } from '../schema/problem.ts';
import { versionPointer } from './endpoint-config.ts';

/** Where a definition uses something: the JSON pointer of the first place, or undefined. */
export type Uses = (definition: ClassicApi, oas?: OasDocument) => string | undefined;

/** The place, if the condition holds. */
export function where(path: string, condition: (definition: ClassicApi) => boolean): Uses {
  return (definition) => (condition(definition) ? path : undefined);
}

/** The first of several places. */
export function anyOf(...uses: readonly Uses[]): Uses {
  return (definition, oas) => {
    for (const use of uses) {
      const path = use(definition, oas);
      if (path !== undefined) return path;
    }
    return undefined;
  };
}

/** The first entry of an endpoint list, in any version, that is on. */
export function endpointList(name: keyof ExtendedPaths, isOn: (entry: Readonly<Record<string, unknown>>) => boolean = notDisabled): Uses {
  return ({ version_data }) => {
    for (const version of Object.values(version_data.versions ?? {})) {
      const path = entryIn(version, name, isOn);
      if (path !== undefined) return path;
    }
    return undefined;
  };
}

function entryIn(version: ClassicVersion, name: keyof ExtendedPaths, isOn: (entry: Readonly<Record<string, unknown>>) => boolean): string | undefined {
  const entries = (version.use_extended_paths ? (version.extended_paths[name] ?? []) : []) as readonly unknown[];
  const index = entries.findIndex((entry) => typeof entry === 'string' || isOn(entry as Readonly<Record<string, unknown>>));
  return index < 0 ? undefined : pointer(pointer(pointer(versionPointer(version), 'extended_paths'), name), index);
}

const notDisabled = (entry: Readonly<Record<string, unknown>>): boolean => entry['disabled'] !== true;

export const enabledEntry = (entry: Readonly<Record<string, unknown>>): boolean => entry['enabled'] === true;

type HookList = 'pre' | 'post' | 'post_key_auth' | 'response';

/** The first plugin of a hook that is on. */
export function plugins(name: HookList): Uses {
  return ({ custom_middleware }) => {
    const index = (custom_middleware[name] ?? []).findIndex((hook: PluginHook) => !hook.disabled && hook.name !== '');
    return index < 0 ? undefined : `/custom_middleware/${name}/${index}`;
  };
}

/** Response processors other than the header injector, which the response headers take in. */
export const otherProcessors: Uses = ({ response_processors }) => {
  const index = (response_processors ?? []).findIndex(({ name }) => name === 'header_transform' || name === 'response_body_transform_jq');
  return index < 0 ? undefined : `/response_processors/${index}/name`;
};

/** A key at the top of an OAS document. */
export function oasKey(key: string): Uses {
  return (_definition, oas) => (oas?.[key] === undefined ? undefined : pointer('', key));
}

/** Authentication is asked for at all. */
export const keyed =
  (uses: Uses): Uses =>
  (definition) =>
    definition.use_keyless ? undefined : uses(definition);
