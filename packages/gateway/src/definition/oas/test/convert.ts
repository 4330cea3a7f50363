import { expect } from 'vitest';
import { decodeClassic } from '../../classic/index.ts';
import { EXTENSION, oasToClassic, validateOas } from '../index.ts';
import type { JsonObject } from '../json.ts';

export type Parts = { readonly [part: string]: JsonObject };

/** A valid document whose extension has these parts; `document` goes into the OpenAPI part. */
export function documentWith({ document = {}, info, server, upstream, ...others }: Parts): JsonObject {
  const extension = {
    info: { id: 'a', name: 'a', state: { active: true }, ...info },
    server: { listenPath: { value: '/a/' }, ...server },
    upstream: { url: 'http://u', ...upstream },
    ...others,
  };
  return { openapi: '3.0.3', info: { title: 'a', version: '1' }, paths: {}, ...document, [EXTENSION]: extension };
}

/** Converts a document that is valid, and whose Classic half the Classic decoder takes. */
export function convert(parts: Parts): JsonObject {
  const document = documentWith(parts);
  const classic = oasToClassic(document);
  const { problems, unknown } = decodeClassic(classic);
  expect({ message: validateOas(document).message, problems, unknown }).toEqual({ message: undefined, problems: [], unknown: [] });
  return classic;
}

/** Name, parts of the extension, and what they become. */
export type Row = readonly [name: string, parts: Parts, classic: JsonObject];

/** A place that several blocks have. */
export const header: JsonObject = { enabled: true, name: 'X-H' };
