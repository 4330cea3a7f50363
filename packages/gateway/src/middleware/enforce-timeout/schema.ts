import { type EndpointConfig, endpoint, group, integer, list, type Section } from '../../schema/fields.ts';

export interface TimedEndpoint extends EndpointConfig {
  readonly timeoutMs: number;
}

export interface EnforceTimeoutConfig {
  readonly timeoutMs: number;
  readonly endpoints: readonly TimedEndpoint[];
}

export const schema: Section<EnforceTimeoutConfig> = {
  timeoutMs: integer('Longest wait for the head of an answer; 0 = that of the gateway', { unit: 'ms', initial: 0 }),
  endpoints: list(
    group<TimedEndpoint>({ ...endpoint, timeoutMs: integer('Longest wait at this endpoint', { unit: 'ms' }) }, 'One endpoint'),
    'Endpoints with a time of their own',
  ),
};
