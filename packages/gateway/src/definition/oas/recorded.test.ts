import { describe, expect, it } from 'vitest';
import { decodeClassic, encodeClassic } from '../classic/index.ts';
import { isObject, type Json, readSuites, recordedJson, type Step, type Suite } from '../test/recorded.ts';
import { EXTENSION, importOas, oasToClassic, type OasDocument, patchOas, readDeriveOptions, shownDocument, validateOas, withServers } from './index.ts';

type OasSuite = Suite & { readonly oas?: readonly Json[] };

const GATEWAY = 'http://${GATEWAY_HOST}';

const suites: readonly OasSuite[] = readSuites('auth', 'limits', 'plugins', 'proxy', 'tls', 'traffic').map(withPorts);

/** Ports are numbers by the time a gateway sees the document. */
function withPorts(suite: OasSuite): OasSuite {
  return JSON.parse(JSON.stringify(suite).replaceAll(/"\$\{(PORT_\w|P\d)\}"/g, '8081')) as OasSuite;
}

const documents = suites.flatMap(({ suite, oas = [] }) => oas.map((document) => ({ at: `${suite}: ${idOf(document)}`, suite, document })));

const steps = suites.flatMap(({ suite, cases }) =>
  cases.flatMap(({ name, steps: all }) => all.map((step, index) => ({ at: `${suite}: ${name} (${index + 1})`, suite, step, all }))),
);

function idOf(document: Json): string {
  const extension = document[EXTENSION] as Json | undefined;
  return String((extension?.['info'] as Json | undefined)?.['id']);
}

/** Text of a recorded refusal, its lines in any order. */
const sorted = (message: string | undefined): readonly string[] => (message ?? '').split('\n').toSorted();

const messageOf = (step: Step): string | undefined => (recordedJson(step) as { message?: string } | undefined)?.message;

describe('every document of the suites', () => {
  it('there are many', () => expect(documents.length).toBeGreaterThan(200));

  it.each(documents)('$at is valid and gives a Classic half without problems', ({ document }) => {
    expect(validateOas(document)).toEqual({ problems: [], message: undefined });
    const { problems, unknown } = decodeClassic(oasToClassic(document));
    expect({ problems, unknown }).toEqual({ problems: [], unknown: [] });
  });
});

describe('the Classic half as GET /tyk/apis shows it', () => {
  const halves = steps.flatMap(({ at, suite, step }) =>
    [recordedJson(step)].flat().flatMap((half) => (isObject(half) && half['is_oas'] === true && step.method === 'GET' ? [{ at, suite, half }] : [])),
  );

  it('there are some', () => expect(halves.length).toBeGreaterThanOrEqual(3));

  it.each(halves)('$at', ({ suite, half }) => {
    const given = documents.find((one) => one.suite === suite && idOf(one.document) === half['api_id']);
    expect(JSON.stringify(encodeClassic(decodeClassic(oasToClassic(given?.document ?? {})).value))).toBe(JSON.stringify(half));
  });
});

describe('refusals of the control API (control/gateway-api.md §4)', () => {
  /** Texts that come from elsewhere: the request, the Classic rules, the parameters of a derivation. */
  const OTHERS =
    /^(API not found|Due to enabled|Method not|Invalid API ID|Validation of API|The |you need|.* is not a valid Base|the supplied API|request malformed)/;
  /** What Tyk cannot read of OpenAPI 3.1, and we can. */
  const NEWER = /extra sibling fields|schema 'items' must be non-null/;
  const writes = steps.filter(({ step }) => /^(POST|PUT)$/.test(step.method ?? '') && step.path?.startsWith('/tyk/apis/oas') === true && isObject(step.body));
  const refused = writes.filter(({ step }) => step.want?.status === 400 && !OTHERS.test(messageOf(step) ?? '') && !NEWER.test(messageOf(step) ?? ''));
  const accepted = writes.filter(({ step }) => step.want?.status === 200);
  const rule = (path: string | undefined): 'forbidden' | 'required' => (path?.includes('/import') === true ? 'forbidden' : 'required');

  it('there are as many as the suites hold', () => expect([refused.length, accepted.length > 40]).toEqual([27, true]));

  it.each(refused)('$at', ({ step }) => {
    expect(sorted(validateOas(step.body, rule(step.path)).message)).toEqual(sorted(messageOf(step)));
  });

  it.each(accepted)('$at is accepted', ({ step }) => {
    expect(validateOas(step.body, rule(step.path)).message).toBeUndefined();
  });
});

describe('import as the suite recorded it (api-definition-oas.md §7)', () => {
  const imports = steps.filter(
    ({ suite, step }) => suite === 'limits/apis-oas-import' && step.path?.startsWith('/tyk/apis/oas/import') === true && isObject(step.body),
  );
  const stored = imports.flatMap((one) => {
    const id = query(one.step).get('apiID');
    const file = one.all.find(({ read, want }) => read === `apps/${id}-oas.json` && isObject(want?.file?.json));
    return file === undefined ? [] : [{ ...one, document: recordedJson(file) }];
  });
  const derived = /^The (‘servers’|first entry|manually|‘security’)/;
  const refused = imports.filter(({ step }) => derived.test(messageOf(step) ?? ''));

  it('there are as many as the suite holds', () => expect([stored.length, refused.length]).toEqual([19, 7]));

  it.each(stored.filter(({ at }) => !at.includes('import as a new version (1)')))('$at', ({ step, document }) => {
    const result = importOas(step.body as OasDocument, readDeriveOptions(query(step)));
    expect('document' in result ? withServers(result.document, GATEWAY) : result).toEqual(document);
  });

  it.each(refused)('$at', ({ step }) => {
    expect(importOas(step.body as OasDocument, readDeriveOptions(query(step)))).toEqual({ message: messageOf(step) });
  });
});

describe('PATCH and servers as the suite recorded them', () => {
  const patches = steps.filter(({ suite, step }) => suite === 'limits/apis-oas-api' && step.method === 'PATCH' && step.want?.status === 200);

  it('there are as many as the suite holds', () => expect(patches).toHaveLength(3));

  it.each(patches)('$at', ({ step, all }) => {
    const before = all[0]?.body as OasDocument;
    const shown = recordedJson(all.findLast(({ method }) => method === 'GET') ?? {});
    const result = patchOas(before, step.body as OasDocument, readDeriveOptions(query(step)));
    expect('document' in result ? withoutFalseStrip(shownDocument(withServers(result.document, GATEWAY, before))) : result).toEqual(shown);
  });
});

const query = (step: Step): URLSearchParams => new URL(step.path ?? '', 'http://gateway').searchParams;

/** We keep `strip: false` as it was written; Tyk leaves it out. */
const withoutFalseStrip = (document: OasDocument): unknown => JSON.parse(JSON.stringify(document).replace(',"strip":false', ''));
