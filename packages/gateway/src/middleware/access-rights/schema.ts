import { flag, type Section, text } from '../../schema/fields.ts';

/** How the versions that a key may use are compared; all of it comes from the API's versioning. */
export interface AccessRightsConfig {
  readonly versioned: boolean;
  readonly defaultVersion: string;
  readonly fallback: boolean;
}

export const schema: Section<AccessRightsConfig> = {
  versioned: flag('The API has named versions, so a key needs the version as well as the API'),
  defaultVersion: text('Version of requests that name none'),
  fallback: flag('Unknown versions are served by the default version: a key for that one suffices'),
};
