import { type EndpointConfig, type Section, date, endpoint, flag, group, integer, list, map, text } from '../../schema/fields.ts';

/** An answer instead of the upstream's. */
export interface CannedReply {
  readonly code: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RuleConfig extends EndpointConfig {
  /** Undefined: the list itself decides. */
  readonly reply: CannedReply | undefined;
}

export interface VersionAccessConfig {
  readonly apiExpires: string;
  readonly versionExpires: string;
  readonly mock: readonly RuleConfig[];
  readonly ignore: readonly RuleConfig[];
  readonly block: readonly RuleConfig[];
  readonly allow: readonly RuleConfig[];
  readonly internal: readonly EndpointConfig[];
  readonly ignorePreflight: boolean;
}

const reply: Section<CannedReply> = {
  code: integer('Status; 0 is 200', { initial: 200 }),
  body: text('Body as it is'),
  headers: map(text('Value of the field'), 'Fields of the answer'),
};

const rule: Section<RuleConfig> = { ...endpoint, reply: group(reply, 'Answer that the endpoint gets at once, before any authentication') };

export const schema: Section<VersionAccessConfig> = {
  apiExpires: date('From then on every request is refused; UTC. A date that cannot be read counts as passed', { example: '2030-12-31 23:59' }),
  versionExpires: date('The same for one version; `-1` is never', { example: '2030-12-31 23:59' }),
  mock: list(group(rule, 'One endpoint'), 'Endpoints with a canned answer (Classic)'),
  ignore: list(group(rule, 'One endpoint'), 'Endpoints that need no key; limits of keys do not count there'),
  block: list(group(rule, 'One endpoint'), 'Endpoints that nobody reaches'),
  allow: list(group(rule, 'One endpoint'), 'Where any is given, all other endpoints are refused'),
  internal: list(group(endpoint, 'One endpoint'), 'Endpoints that only other endpoints and APIs of this gateway reach'),
  ignorePreflight: flag('Preflight requests pass these lists, because CORS answers them'),
};
