import { array, block, boolean, choice, filled, integer, object, record, type Schema, string } from './types.ts';

const version: Schema = object({ name: filled, id: filled }, ['name', 'id']);

const versioning: Schema = {
  ...object(
    {
      enabled: boolean,
      name: filled,
      default: string,
      location: filled,
      key: filled,
      versions: array(version),
      stripVersioningData: boolean,
      fallbackToDefault: boolean,
      urlVersioningPattern: string,
    },
    ['location'],
  ),
  anyOf: [object({ location: choice('header', 'url-param') }, ['key']), object({ location: choice('url') })],
};

export const info: Schema = object(
  {
    id: string,
    dbId: string,
    orgId: string,
    name: filled,
    expiration: string,
    state: object({ active: boolean, internal: boolean }, ['active']),
    versioning,
  },
  ['name', 'state'],
);

const rule: Schema = object(
  {
    match: object({ flag: string, messagePattern: string, bodyField: string, bodyValue: string }),
    response: object({ statusCode: integer, body: string, message: string, template: string, headers: record(string) }),
  },
  ['response'],
);

export const errorOverrides: Schema = block({ value: record(array(rule)) });
