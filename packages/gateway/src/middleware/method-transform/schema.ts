import { type EndpointConfig, endpoint, group, list, method, type Section } from '../../schema/fields.ts';

export interface MethodEndpoint extends EndpointConfig {
  readonly to: string;
}

export interface MethodTransformConfig {
  readonly endpoints: readonly MethodEndpoint[];
}

export const schema: Section<MethodTransformConfig> = {
  endpoints: list(
    group<MethodEndpoint>(
      { ...endpoint, to: method('GET, POST, PUT, DELETE, OPTIONS or PATCH, in any case; anything else refuses the request') },
      'One endpoint',
    ),
    'Endpoints whose requests go upstream with another method',
  ),
};
