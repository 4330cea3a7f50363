import type { ClassicApi, ClassicVersion } from '../../definition/classic/types.ts';
import type { EndpointConfig } from '../../schema/fields.ts';
import { type Located, readEndpoints } from '../endpoint-config.ts';

export interface TrackEndpoint {
  readonly track: readonly Located<EndpointConfig>[];
  readonly doNotTrack: readonly Located<EndpointConfig>[];
}

export function fromClassic(api: ClassicApi, version: ClassicVersion): TrackEndpoint | undefined {
  const track = readEndpoints(version, 'track_endpoints', () => ({}));
  const doNotTrack = readEndpoints(version, 'do_not_track_endpoints', () => ({}));
  return api.do_not_track || (track.length === 0 && doNotTrack.length === 0) ? undefined : { track, doNotTrack };
}
