import { type EndpointConfig, endpoint, group, list, type Section } from '../../schema/fields.ts';

export interface TrackEndpointConfig {
  readonly track: readonly EndpointConfig[];
  readonly doNotTrack: readonly EndpointConfig[];
}

export const schema: Section<TrackEndpointConfig> = {
  track: list(group(endpoint, 'One endpoint'), 'Endpoints whose records are marked as tracked, under their pattern'),
  doNotTrack: list(group(endpoint, 'One endpoint'), 'Endpoints that leave no analytics record'),
};
