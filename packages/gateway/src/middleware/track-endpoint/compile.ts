import type { Middleware } from '../../contract/step.ts';
import { compileEndpoints } from '../endpoint-config.ts';
import { fromClassic, type TrackEndpoint } from './formats.ts';

/** Marks the requests that analytics follow by endpoint, and those that they leave out. */
export const trackEndpoint: Middleware<TrackEndpoint> = {
  id: 'track.endpoint',
  name: 'TrackEndpointMiddleware',
  stage: 'admit',
  skipIgnored: false,
  read: ({ definition, version }) => fromClassic(definition, version),
  compile(config, site) {
    const tracked = compileEndpoints(config.track, site, (entry) => entry.path);
    const untracked = compileEndpoints(config.doNotTrack, site, () => true);
    return {
      request: function markTracking(x) {
        x.trackedPath = tracked.find(x) ?? '';
        if (untracked.find(x) === true) x.doNotTrack = true;
      },
    };
  },
};
