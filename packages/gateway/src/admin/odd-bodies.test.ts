import { describe, expect, it } from 'vitest';
import { type AdminGateway, type Answer, classic, oas, ORG, rightsTo, testGateway } from './test/gateway.ts';

const CHANGES = [
  'POST /tyk/apis',
  'PUT /tyk/apis/one',
  'POST /tyk/apis/oas',
  'POST /tyk/apis/oas/import?apiID=imported&authentication=true',
  'PUT /tyk/apis/oas/two',
  'PATCH /tyk/apis/oas/two?allowList=true&validateRequest=true&mockResponse=true',
  'POST /tyk/keys',
  'POST /tyk/keys/create',
  'POST /tyk/keys/preview',
  'PUT /tyk/keys/mine',
  `POST /tyk/keys/policy/${ORG}mine`,
  'POST /tyk/policies',
  'PUT /tyk/policies/first',
];

const ODD: readonly unknown[] = [null, true, 0, -1, 1e308, '', 'x', '\uD800', [], [null], {}, { '': null }, { __proto__: 1 }, { constructor: {} }];

/** A document and all that differ from it in the value of one place. */
function* spoilt(document: Readonly<Record<string, unknown>>): Generator {
  for (const [key, value] of Object.entries(document)) {
    for (const odd of ODD) yield { ...document, [key]: odd };
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const inner of spoilt(value as Readonly<Record<string, unknown>>)) yield { ...document, [key]: inner };
    }
  }
}

const DOCUMENTS: readonly Readonly<Record<string, unknown>>[] = [
  classic('one', { definition: { enabled: true, versions: { v2: 'two' } }, auth_configs: { authToken: { use_param: true } } }),
  oas('two', {
    paths: { '/a': { get: { operationId: 'a', responses: { 200: { description: 'ok' } } } } },
    components: { securitySchemes: { k: { type: 'apiKey', in: 'header', name: 'K' } } },
    security: [{ k: [] }],
  }),
  rightsTo('one', {
    apply_policies: ['first'],
    meta_data: { policies: [{ id: 'own' }], rate_limit_pattern: '$tyk_meta.a' },
    expires: 5,
    monitor: { trigger_limits: [1] },
  }),
  { id: 'first', org_id: ORG, partitions: { per_api: true }, access_rights: { one: { limit: { rate: 1 }, allowed_urls: [{ url: '/', methods: ['GET'] }] } } },
];

const BODIES: readonly unknown[] = [...ODD, '{', '[', '"', '{"a":', ...DOCUMENTS.flatMap((document) => [...spoilt(document)])];

const READS = [
  'GET /tyk/apis',
  'GET /tyk/apis/oas',
  'GET /tyk/apis/oas/export?mode=public',
  'GET /tyk/apis/one/versions',
  'GET /tyk/policies',
  'GET /tyk/keys',
  `GET /tyk/keys/${ORG}mine`,
];

async function filledGateway(): Promise<AdminGateway> {
  const gateway = await testGateway({ conf: { allow_master_keys: true, basic_auth_hash_key_function: 'sha256' } });
  for (const [path, body] of [
    ['apis', DOCUMENTS[0]],
    ['apis/oas', DOCUMENTS[1]],
    ['policies', DOCUMENTS[3]],
    ['keys/mine', rightsTo('one')],
  ] as const)
    await gateway.ask(`POST /tyk/${path}`, body);
  await gateway.reload();
  return gateway;
}

/** A success, or a refusal that says why and is none of ours. */
function isProper({ status, json }: Answer): boolean {
  const text = JSON.stringify(json);
  return status === 200 || (status >= 400 && text.includes('"message"') && !text.includes('Internal Server Error'));
}

describe('a body of whatever shape', () => {
  it.each(CHANGES)('%s answers, and what it stored can be read', { timeout: 120_000 }, async (line) => {
    using gateway = await filledGateway();
    const broken: unknown[] = [];
    for (const [i, body] of BODIES.entries()) {
      const answer = await gateway.ask(line, typeof body === 'string' ? body : JSON.stringify(body));
      if (!isProper(answer)) broken.push([answer.status, body]);
      if (i % 100 !== 0) continue;
      await gateway.reload();
      for (const read of READS) if (!isProper(await gateway.ask(read))) broken.push([read, body]);
    }
    expect(broken).toEqual([]);
    expect(gateway.logged.filter((text) => text.includes('failed'))).toEqual([]);
  });
});
