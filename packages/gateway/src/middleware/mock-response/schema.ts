import { type EndpointConfig, endpoint, flag, group, integer, list, map, type Section, text } from '../../schema/fields.ts';

export interface MockConfig {
  readonly code: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fromExamples: boolean;
  readonly exampleCode: number;
  readonly exampleType: string;
  readonly exampleName: string;
}

export interface MockEndpoint extends EndpointConfig, MockConfig {}

export interface MockResponseConfig {
  readonly endpoints: readonly MockEndpoint[];
}

const mock: Section<MockConfig> = {
  code: integer('Status of the answer', { initial: 200 }),
  body: text('Body as it is'),
  headers: map(text('Value of the field'), 'Fields of the answer'),
  fromExamples: flag('The answer is made from the examples and schemas of the document', { initial: false }),
  exampleCode: integer('Status whose examples are taken', { initial: 200 }),
  exampleType: text('Media type of the examples', { initial: 'application/json' }),
  exampleName: text('Name of the example; without one the first by name'),
};

export const schema: Section<MockResponseConfig> = {
  endpoints: list(group<MockEndpoint>({ ...endpoint, ...mock }, 'One operation'), 'Operations that are answered without an upstream (OAS)'),
};
