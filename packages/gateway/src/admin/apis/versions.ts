import { decodeClassic, encodeClassic } from '../../definition/classic/index.ts';
import type { VersionDefinition } from '../../definition/classic/types.ts';
import { EXTENSION, extensionOf, oasToClassic, type OasDocument, shownDocument } from '../../definition/oas/index.ts';
import { object } from '../../definition/oas/json.ts';
import { json, refusal } from '../answers.ts';
import type { AdminAnswer, AdminContext, LoadedApi } from '../context.ts';
import { A } from '../errors.ts';
import { readJson } from '../files.ts';
import type { Call } from '../router.ts';
import { apiFiles, findApi, writeClassic, writeOas } from './write.ts';

/** What the query of a POST says about the base API that the new API becomes a version of. */
export interface VersionPlan {
  readonly base: LoadedApi | undefined;
  readonly name: string;
  readonly baseName: string;
  readonly isDefault: boolean;
}

/** Where a client says which version it wants, unless the base API says otherwise. */
const DEFAULT_KEY = 'x-api-version';

/** The base version's own name in `default`. */
const SELF = 'self';

export function planVersion({ context, request: { query } }: Call): VersionPlan | { readonly refused: AdminAnswer } {
  const value = (name: string): string => query.get(name) ?? '';
  const plan = { name: value('new_version_name'), baseName: value('base_api_version_name'), isDefault: value('set_default') === 'true' };
  const baseId = value('base_api_id');
  if (baseId === '') return { ...plan, base: undefined };
  if (plan.name === '') return { refused: refusal(A.VERSION_NAME_MISSING) };
  const base = findApi(context, baseId);
  if (base === undefined) return { refused: refusal(A.BASE_API_INVALID, baseId) };
  if (base.definition.definition.name === '' && plan.baseName === '') return { refused: refusal(A.BASE_VERSION_NAME_MISSING, baseId) };
  return { ...plan, base };
}

/** Enters a new API as a version of its base, and switches the base's versioning on. */
export async function addToBase(context: AdminContext, { base, name, baseName, isDefault }: VersionPlan, apiId: string): Promise<void> {
  if (base === undefined) return;
  await changeVersions(context, base, (old) => {
    const own = baseName || old.name;
    return {
      ...old,
      enabled: true,
      name: own,
      default: isDefault ? name : old.default || SELF,
      location: old.location || 'header',
      key: old.key || DEFAULT_KEY,
      versions: { ...old.versions, [name]: apiId },
    };
  });
}

/** Takes a deleted API out of its base; where it was the default, the base is. */
export async function leaveBase(context: AdminContext, apiId: string): Promise<void> {
  const base = baseOf(context.loaded().apis, apiId);
  if (base === undefined) return;
  await changeVersions(context, base, (old) => {
    const gone = old.versions?.[old.default] === apiId;
    const left = Object.entries(old.versions ?? {}).filter(([, id]) => id !== apiId);
    return { ...old, default: gone ? old.name : old.default, versions: Object.fromEntries(left) };
  });
}

/** The API that has another one as a version. */
export function baseOf(apis: readonly LoadedApi[], apiId: string): LoadedApi | undefined {
  return apis.find(({ id, definition: { definition } }) => id !== apiId && definition.enabled && Object.values(definition.versions ?? {}).includes(apiId));
}

/**
 * Changes the base's files. They are read again rather than taken from memory: another version may have been added since the last reload, and
 * references to secrets are resolved in memory.
 */
async function changeVersions(context: AdminContext, base: LoadedApi, change: (old: VersionDefinition) => VersionDefinition): Promise<void> {
  const files = apiFiles(context, base.id);
  if (base.oas !== undefined) {
    const document = shownDocument(object((await readJson(files.oas)) ?? base.oas));
    await writeOas(context, base.id, withVersioning(document, change(decodeClassic(oasToClassic(document)).value.definition)));
    return;
  }
  const { value } = decodeClassic((await readJson(files.classic)) ?? encodeClassic(base.definition));
  await writeClassic(context, { ...value, api_id: base.id, definition: change(value.definition) });
}

function withVersioning(document: OasDocument, versions: VersionDefinition): OasDocument {
  const extension = extensionOf(document);
  const info = object(extension['info']);
  const list = Object.entries(versions.versions ?? {}).map(([name, id]) => ({ name, id }));
  const { enabled, name, location, key } = versions;
  const versioning = { ...object(info['versioning']), enabled, name, default: versions.default, location, key, versions: list };
  return { ...document, [EXTENSION]: { ...extension, info: { ...info, versioning } } };
}

/** spec/control/gateway-api.md §5: the base first, then by name. */
export function listVersions({ context, id, request: { query } }: Call): AdminAnswer {
  const base = findApi(context, id);
  if (base === undefined) return refusal(A.API_NOT_FOUND);
  const search = (query.get('searchText') ?? '').toLowerCase();
  const access = query.get('accessType') ?? '';
  const shown = versionRows(context, base).filter(
    (row) => row.versionName.toLowerCase().includes(search) && (access === '' || row.internal === (access === 'internal')),
  );
  return json(200, { status: 'success', apis: shown.length > 0 ? shown : null });
}

interface VersionRow {
  readonly id: string;
  readonly name: string;
  readonly versionName: string;
  readonly internal: boolean;
  readonly expirationDate: string;
  readonly isDefaultVersion: boolean;
}

function versionRows(context: AdminContext, base: LoadedApi): VersionRow[] {
  const { definition } = base.definition;
  const isOwnDefault = !definition.enabled || ['', SELF, definition.name].includes(definition.default);
  const children = Object.entries(definition.enabled ? (definition.versions ?? {}) : {}).flatMap(([name, id]) => {
    const api = findApi(context, id);
    return api === undefined ? [] : [rowOf(api, name, definition.default === name)];
  });
  return [rowOf(base, definition.name, isOwnDefault), ...children.toSorted((a, b) => (a.versionName < b.versionName ? -1 : 1))];
}

function rowOf({ id, definition }: LoadedApi, versionName: string, isDefaultVersion: boolean): VersionRow {
  return { id, name: definition.name, versionName, internal: definition.internal, expirationDate: definition.expiration, isDefaultVersion };
}
