import { describe, expect, it } from 'vitest';
import { isObject, readSuites, recordedJson, type Json, type Step, type Suite } from '../test/recorded.ts';
import { decodeClassic, encodeClassic } from './struct.ts';

/** Whole definitions among the recorded answers, also those that Tyk made from OAS documents. */
function recordedApis(step: Step): Json[] {
  const json = recordedJson(step);
  return (Array.isArray(json) ? json : [json]).filter(isObject).filter((api) => 'version_data' in api && 'graphql' in api);
}

/** What was given under each API id: in `apis`, or posted. */
function givenApis(suite: Suite): Map<unknown, Json[]> {
  const bodies = suite.cases.flatMap(({ steps }) => steps).filter(({ path, method }) => method !== 'GET' && path?.startsWith('/tyk/apis'));
  const all = [...(suite.apis ?? []), ...bodies.map(({ body }) => body)].filter(isObject);
  return Map.groupBy(all, (api) => api['api_id']);
}

function printed(json: unknown): string {
  return JSON.stringify(encodeClassic(decodeClassic(json).value));
}

const suites = readSuites('limits', 'proxy', 'tls');

describe('definitions come back as Tyk prints them (control/gateway-api.md §3)', () => {
  for (const suite of suites) {
    const given = givenApis(suite);
    for (const { name, steps } of suite.cases) {
      const recorded = steps.flatMap(recordedApis).filter((api) => !('is_oas' in api) && given.has(api['api_id']));
      if (recorded.length === 0) continue;
      it(`${suite.suite}: ${name}`, () => {
        // A posted definition is Classic whatever it says of itself.
        for (const api of recorded) expect(given.get(api['api_id'])?.map((json) => printed({ ...json, is_oas: false }))).toContain(JSON.stringify(api));
      });
    }
  }
});

describe('every recorded definition is known in full and in its order', () => {
  const recorded = suites.flatMap(({ suite, cases }) => cases.flatMap(({ name, steps }) => steps.flatMap(recordedApis).map((api) => ({ suite, name, api }))));

  it('there are as many as the suites hold', () => expect(recorded).toHaveLength(11));

  it.each(recorded)('$suite: $name: $api.api_id', ({ api }) => {
    const { problems, unknown } = decodeClassic(api);
    expect({ problems, unknown }).toEqual({ problems: [], unknown: [] });
    expect(printed(api)).toBe(JSON.stringify(api));
  });
});

/** Given on purpose in a suite, to see that it has no effect. */
const BAD_DURATION = '/version_data/versions/Default/extended_paths/hard_timeouts/7/duration';

describe('every definition that the suites give is known in full', () => {
  for (const { suite, apis = [] } of readSuites('auth', 'limits', 'plugins', 'proxy', 'tls', 'traffic')) {
    const classic = apis.filter((api) => !('openapi' in api));
    if (classic.length === 0) continue;
    it(`${suite}: ${classic.length} definitions`, () => {
      const found = classic.map((api) => decodeClassic(api)).flatMap(({ problems, warnings }) => problems.concat(warnings));
      expect(found.filter(({ path }) => path !== BAD_DURATION)).toEqual([]);
    });
  }
});
