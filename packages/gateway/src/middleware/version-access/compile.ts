import { getField } from '@gatehouse/wire';
import { reply, type Reply } from '../../contract/outcome.ts';
import type { Site } from '../../contract/site.ts';
import type { Middleware } from '../../contract/step.ts';
import { EndpointTable } from '../../routing/endpoints.ts';
import { sniffContentType } from '../../schema/content-type.ts';
import { compileEndpoints, compileEndpointPath, type Located } from '../endpoint-config.ts';
import { makeCheck, type Verdict } from './check.ts';
import { formatExpiry, parseExpiry } from './expiry.ts';
import { fromClassic, type VersionAccess } from './formats.ts';
import type { CannedReply, RuleConfig } from './schema.ts';

/** Expiry of API and version, and the lists of mocked, ignored, blocked, allowed and internal endpoints. */
export const versionAccess: Middleware<VersionAccess> = {
  id: 'version.access',
  name: 'VersionCheck',
  stage: 'admit',
  skipIgnored: false,
  read({ definition, version }) {
    const config = fromClassic(definition, version);
    const lists = [config.mock, config.ignore, config.block, config.allow, config.internal];
    const nothing = config.apiExpires === '' && config.versionExpires === '' && !config.ignorePreflight && lists.every((list) => list.length === 0);
    return nothing ? undefined : config;
  },
  compile(config, site) {
    const lists = [...entriesOf(config.mock, 'block', site), ...entriesOf(config.ignore, 'ignore', site), ...entriesOf(config.block, 'block', site)];
    const all = [...lists, ...entriesOf(config.allow, 'allow', site)];
    const rules = {
      apiExpires: parseExpiry(config.apiExpires),
      versionExpires: parseExpiry(config.versionExpires),
      internal: config.internal.length > 0 ? compileEndpoints(config.internal, site, () => true as const) : undefined,
      lists: all.length > 0 ? new EndpointTable(all) : undefined,
      closed: config.allow.length > 0,
      ignorePreflight: config.ignorePreflight,
    };
    return { request: makeCheck(rules, site) };
  },
};

/** Tells clients when the version, or else the API, will expire. */
export const expiryField: Middleware<number> = {
  id: 'version.expires',
  name: 'VersionCheck',
  stage: 'respond',
  skipIgnored: false,
  read({ definition, version }) {
    const { apiExpires, versionExpires } = fromClassic(definition, version);
    return parseExpiry(versionExpires) ?? parseExpiry(apiExpires);
  },
  compile(time) {
    const value = formatExpiry(time);
    return {
      response: function tellExpiry(_x, answer) {
        answer.fields.push('X-Tyk-Api-Expires', value);
      },
    };
  },
};

function entriesOf(
  rules: readonly Located<RuleConfig>[],
  verdict: Verdict,
  site: Site,
): { pattern: ReturnType<typeof compileEndpointPath>; method: string; value: Verdict }[] {
  return rules.map((rule) => ({
    pattern: compileEndpointPath(rule, site),
    method: rule.method,
    value: rule.reply === undefined ? verdict : canned(rule.reply),
  }));
}

function canned({ code, body, headers }: CannedReply): Reply {
  const fields = Object.entries(headers).flat();
  if (body !== '' && getField(fields, 'content-type') === undefined) fields.push('Content-Type', sniffContentType(Buffer.from(body)));
  return reply(code === 0 ? 200 : code, fields, body, { throughResponseSteps: false, recorded: false });
}
