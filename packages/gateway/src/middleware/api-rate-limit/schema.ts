import { type EndpointConfig, endpoint, group, list, number, type Section } from '../../schema/fields.ts';

export interface RateConfig {
  readonly rate: number;
  readonly perSeconds: number;
}

export interface RatedEndpoint extends EndpointConfig, RateConfig {}

export interface ApiRateLimitConfig {
  readonly global: RateConfig | undefined;
  readonly endpoints: readonly RatedEndpoint[];
}

const rate: Section<RateConfig> = {
  rate: number('Requests per window, of all callers together; fractions are cut off'),
  perSeconds: number('Length of the window, which begins with its first request', { unit: 's' }),
};

export const schema: Section<ApiRateLimitConfig> = {
  global: group(rate, 'Limit of the whole API'),
  endpoints: list(group<RatedEndpoint>({ ...endpoint, ...rate }, 'One endpoint'), 'Limits of endpoints; the first that matches counts in place of the API’s'),
};
