import {
  exportName,
  importOas,
  type OasDocument,
  parseOas,
  patchOas,
  publicDocument,
  readDeriveOptions,
  shownDocument,
  validateOas,
  withId,
} from '../../definition/oas/index.ts';
import { attachment, changed, json, refusal } from '../answers.ts';
import type { AdminAnswer, LoadedApi } from '../context.ts';
import { A } from '../errors.ts';
import { isApiId } from '../files.ts';
import { inTurn } from '../in-turn.ts';
import type { Call, Routes } from '../router.ts';
import { baseField, deleteApi, newApiId } from './classic.ts';
import { currentDocument, documentId, withOwnServers } from './document.ts';
import { addToBase, listVersions, planVersion } from './versions.ts';
import { findApi, writeOas } from './write.ts';

/** spec/control/gateway-api.md §4. Documents are kept as they were given, but for the gateway's own entries in `servers`. */
export const oasRoutes: Routes = {
  'GET /tyk/apis/oas': (call) => json(200, documents(call)),
  'POST /tyk/apis/oas': inTurn(addDocument),
  'POST /tyk/apis/oas/import': inTurn(importDocument),
  'GET /tyk/apis/oas/export': (call) => attachment(exportName(isPublic(call)), documents(call)),
  'GET /tyk/apis/oas/{id}': readDocument,
  'PUT /tyk/apis/oas/{id}': inTurn(replaceDocument),
  'PATCH /tyk/apis/oas/{id}': inTurn(patchDocument),
  'DELETE /tyk/apis/oas/{id}': inTurn(deleteDocument),
  'GET /tyk/apis/oas/{id}/export': exportDocument,
  'GET /tyk/apis/oas/{id}/versions': listVersions,
};

const isPublic = ({ request }: Call): boolean => request.query.get('mode') === 'public';

/** `mode=public` leaves out what only the gateway needs to know. */
const shown = (call: Call, oas: OasDocument): OasDocument => (isPublic(call) ? publicDocument(shownDocument(oas)) : shownDocument(oas));

const documents = (call: Call): OasDocument[] => call.context.loaded().apis.flatMap(({ oas }) => (oas === undefined ? [] : [shown(call, oas)]));

function readDocument(call: Call): AdminAnswer {
  const api = findApi(call.context, call.id);
  if (api === undefined) return refusal(A.API_NOT_FOUND);
  return api.oas === undefined ? refusal(A.API_IS_CLASSIC) : json(200, shown(call, api.oas), baseField(call.context.loaded().apis, call.id));
}

function exportDocument(call: Call): AdminAnswer {
  const api = findApi(call.context, call.id);
  if (api === undefined) return refusal(A.API_NOT_FOUND);
  return api.oas === undefined ? refusal(A.API_IS_CLASSIC) : attachment(exportName(isPublic(call), call.id), shown(call, api.oas));
}

async function addDocument(call: Call): Promise<AdminAnswer> {
  if (call.context.config.use_db_app_configs) return refusal(A.USE_DASHBOARD_FOR_APIS);
  const given = givenDocument(call);
  return 'refused' in given ? given.refused : await addNew(call, given.document);
}

async function importDocument(call: Call): Promise<AdminAnswer> {
  const { context, request } = call;
  if (context.config.use_db_app_configs) return refusal(A.USE_DASHBOARD_FOR_APIS);
  const plain = parseOas(request.body.toString());
  if (plain === undefined) return refusal(A.OAS_MALFORMED);
  const wrong = validateOas(plain, 'forbidden').message;
  if (wrong !== undefined) return refusal(A.OAS_INVALID, wrong);
  const imported = importOas(plain, readDeriveOptions(request.query));
  if ('message' in imported) return refusal(A.OAS_INVALID, imported.message);
  for (const warning of imported.warnings) context.log('warning', warning.message, { code: warning.code, at: warning.path, hint: warning.hint });
  return await addNew(call, imported.document);
}

async function addNew(call: Call, given: OasDocument): Promise<AdminAnswer> {
  const { context } = call;
  const id = documentId(given) || newApiId();
  if (!isApiId(id)) return refusal(A.API_ID_INVALID);
  const version = planVersion(call);
  if ('refused' in version) return version.refused;
  const previous = await currentDocument(context, id);
  await writeOas(context, id, withOwnServers(context, withId(given, id), previous));
  await addToBase(context, version, id);
  return changed(id, 'added');
}

async function replaceDocument(call: Call): Promise<AdminAnswer> {
  const api = changeable(call);
  if ('refused' in api) return api.refused;
  const given = givenDocument(call);
  return 'refused' in given ? given.refused : await store(call, given.document);
}

async function patchDocument(call: Call): Promise<AdminAnswer> {
  const { context, id, request } = call;
  const api = changeable(call);
  if ('refused' in api) return api.refused;
  const given = parseOas(request.body.toString());
  if (given === undefined) return refusal(A.OAS_MALFORMED);
  const wrong = validateOas(given, 'optional').message;
  if (wrong !== undefined) return refusal(A.OAS_INVALID, wrong);
  const patched = patchOas((await currentDocument(context, id)) ?? {}, given, readDeriveOptions(request.query));
  if ('message' in patched) return refusal(A.OAS_INVALID, patched.message);
  const invalid = validateOas(patched.document).message;
  return invalid === undefined ? await store(call, patched.document) : refusal(A.OAS_INVALID, invalid);
}

async function store({ context, id }: Call, document: OasDocument): Promise<AdminAnswer> {
  if (documentId(document) !== id) return refusal(A.API_ID_DIFFERS);
  if (!isApiId(id)) return refusal(A.API_ID_INVALID);
  await writeOas(context, id, withOwnServers(context, document, await currentDocument(context, id)));
  return changed(id, 'modified');
}

function deleteDocument(call: Call): AdminAnswer | Promise<AdminAnswer> {
  return call.context.config.use_db_app_configs ? refusal(A.USE_DASHBOARD_FOR_APIS) : deleteApi(call);
}

/** The loaded OAS API that a call wants to change. */
function changeable({ context, id }: Call): LoadedApi | { readonly refused: AdminAnswer } {
  if (context.config.use_db_app_configs) return { refused: refusal(A.USE_DASHBOARD_FOR_APIS) };
  const api = findApi(context, id);
  if (api === undefined) return { refused: refusal(A.API_NOT_FOUND) };
  return api.oas === undefined ? { refused: refusal(A.API_IS_CLASSIC_ON_WRITE) } : api;
}

/** The valid document of the body, with its extension. */
function givenDocument({ request }: Call): { readonly document: OasDocument } | { readonly refused: AdminAnswer } {
  const text = request.body.toString();
  const document = parseOas(text);
  if (document === undefined) return { refused: refusal(A.OAS_MALFORMED) };
  // YAML is read, but its extension counts for nothing, as in Tyk.
  if (!/^\s*(?:\{|$)/.test(text)) return { refused: refusal(A.OAS_WITHOUT_EXTENSION) };
  const wrong = validateOas(document).message;
  return wrong === undefined ? { document } : { refused: refusal(A.OAS_INVALID, wrong) };
}
