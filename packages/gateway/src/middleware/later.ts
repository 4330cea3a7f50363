import type { ClassicApi, ClassicVersion, ExtendedPaths, ListedEndpoint, PluginHook, ValidateRequest } from '../definition/classic/types.ts';
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

/** Lists whose entries are endpoints; those of `cache` are mere paths. */
type ListName = Exclude<keyof ExtendedPaths, 'cache'>;
/** What the entries of all lists may have. */
type Entry = Partial<ListedEndpoint & ValidateRequest>;

/** A feature that entries of a list of `extended_paths` ask for. */
export interface EndpointFeature {
  readonly list: ListName;
  /** Whether an entry counts. */
  isOn(entry: Entry): boolean;
}

export const notDisabled = (list: ListName): EndpointFeature => ({ list, isOn: (entry) => entry.disabled !== true });
export const enabled = (list: ListName): EndpointFeature => ({ list, isOn: (entry) => entry.enabled === true });

/** The entries of a version that ask for a feature, each with its JSON pointer. */
export function entriesWith({ list, isOn }: EndpointFeature, version: ClassicVersion): readonly { readonly at: string; readonly entry: Entry }[] {
  const entries: readonly Entry[] = version.use_extended_paths ? (version.extended_paths[list] ?? []) : [];
  const place = pointer(pointer(versionPointer(version), 'extended_paths'), list);
  return entries.flatMap((entry, index) => (isOn(entry) ? [{ at: pointer(place, index), entry }] : []));
}

/** The first entry of an endpoint list, in any version, that is on. */
export function endpointList(feature: EndpointFeature): Uses {
  return ({ version_data }) => {
    for (const version of Object.values(version_data.versions ?? {})) {
      const [first] = entriesWith(feature, version);
      if (first !== undefined) return first.at;
    }
    return undefined;
  };
}

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
