import type { Site } from '../contract/site.ts';
import type { ClassicVersion, ExtendedPaths } from '../definition/classic/types.ts';
import { EndpointTable } from '../routing/endpoints.ts';
import { compilePattern } from '../routing/patterns.ts';
import type { EndpointConfig } from '../schema/fields.ts';
import { pointer } from '../schema/problem.ts';

/** An entry of an endpoint list with its JSON pointer, for problems. */
export type Located<Config> = Config & { readonly at: string };

type ListName = keyof ExtendedPaths;
type Entry<Name extends ListName> = NonNullable<ExtendedPaths[Name]>[number];

interface ClassicEndpoint {
  readonly path: string;
  readonly method: string;
  readonly disabled?: boolean;
  readonly ignore_case?: boolean;
}

/** Entries of a list of `extended_paths` that count, as configurations: none without `use_extended_paths`, none that is disabled. */
export function readEndpoints<Name extends ListName, Config>(
  version: ClassicVersion,
  name: Name,
  read: (entry: Entry<Name>) => Config,
): readonly Located<EndpointConfig & Config>[] {
  const entries = version.use_extended_paths ? (version.extended_paths[name] ?? []) : [];
  const list = pointer(versionPointer(version), 'extended_paths');
  return (entries as readonly (Entry<Name> & ClassicEndpoint)[]).flatMap((entry, index) => {
    if (entry.disabled === true) return [];
    return [{ path: entry.path, method: entry.method, ignoreCase: entry.ignore_case === true, ...read(entry), at: pointer(pointer(list, name), index) }];
  });
}

export function versionPointer(version: ClassicVersion): string {
  return pointer('/version_data/versions', version.name);
}

/** Patterns and order of a list, ready to be matched. Throws a ProblemError for a pattern that does not compile. */
export function compileEndpoints<Config extends Located<EndpointConfig>, Value>(
  entries: readonly Config[],
  site: Site,
  value: (entry: Config) => Value,
): EndpointTable<Value> {
  return new EndpointTable(entries.map((entry) => ({ pattern: compileEndpointPath(entry, site), method: entry.method, value: value(entry) })));
}

export function compileEndpointPath(entry: Located<Pick<EndpointConfig, 'path' | 'ignoreCase'>>, { version, use }: Site): ReturnType<typeof compilePattern> {
  const { enable_path_prefix_matching: prefix, enable_path_suffix_matching: suffix } = use.config.http_server_options;
  const ignoreCase = entry.ignoreCase || version.ignore_endpoint_case || use.config.ignore_endpoint_case;
  return compilePattern(entry.path, { prefix, suffix, ignoreCase }, `${entry.at}/path`);
}
