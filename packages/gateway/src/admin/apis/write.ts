import path from 'node:path';
import { decodeClassic, encodeClassic } from '../../definition/classic/index.ts';
import type { ClassicApi } from '../../definition/classic/types.ts';
import { oasToClassic, type OasDocument } from '../../definition/oas/index.ts';
import type { AdminContext, LoadedApi } from '../context.ts';
import { removeFile, writeJson } from '../files.ts';

/** Files of an API in `app_path`: its Classic form, and beside it the OAS document where it came as one (spec/control/gateway-api.md §16). */
export function apiFiles(context: AdminContext, id: string): { readonly classic: string; readonly oas: string } {
  const at = (name: string): string => path.join(context.config.app_path, name);
  return { classic: at(`${id}.json`), oas: at(`${id}-oas.json`) };
}

/** By id, made once for each reload: keys may name thousands of APIs. */
const indexes = new WeakMap<readonly LoadedApi[], ReadonlyMap<string, LoadedApi>>();

export function findApi(context: AdminContext, id: string): LoadedApi | undefined {
  const { apis } = context.loaded();
  let index = indexes.get(apis);
  if (index === undefined) indexes.set(apis, (index = new Map(apis.map((api) => [api.id, api]))));
  return index.get(id);
}

export async function writeClassic(context: AdminContext, api: ClassicApi): Promise<void> {
  await writeJson(apiFiles(context, api.api_id).classic, encodeClassic(api));
}

/** The document first: a loader that looks between the two writes finds a companion without its main file, and not the other way round. */
export async function writeOas(context: AdminContext, id: string, document: OasDocument): Promise<void> {
  const files = apiFiles(context, id);
  await writeJson(files.oas, document);
  await writeJson(files.classic, encodeClassic(decodeClassic(oasToClassic(document)).value));
}

/** False where the API's file is not there. */
export async function removeApi(context: AdminContext, id: string): Promise<boolean> {
  const files = apiFiles(context, id);
  const removed = await removeFile(files.classic);
  await removeFile(files.oas);
  return removed;
}
