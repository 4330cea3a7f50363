import { type EndpointConfig, endpoint, group, integer, list, type Section } from '../../schema/fields.ts';

export interface SizedEndpoint extends EndpointConfig {
  readonly limit: number;
}

export interface RequestSizeConfig {
  readonly limit: number;
  readonly endpoints: readonly SizedEndpoint[];
}

export const schema: Section<RequestSizeConfig> = {
  limit: integer('Largest body of a request; 0 = no limit of the whole API', { unit: 'bytes', initial: 0 }),
  endpoints: list(
    group<SizedEndpoint>({ ...endpoint, limit: integer('Largest body of a request to this endpoint', { unit: 'bytes' }) }, 'One endpoint'),
    'Endpoints with a limit of their own, beside that of the API',
  ),
};
