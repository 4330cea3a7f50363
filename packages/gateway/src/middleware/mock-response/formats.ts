import { mockEndpoints, type OasDocument, type OasOperation, operationsOf } from '../../definition/oas/index.ts';
import { flag, nameValues, number, object, text } from '../../definition/oas/json.ts';
import type { Located } from '../endpoint-config.ts';
import type { MockEndpoint } from './schema.ts';

export interface MockOperation extends Located<MockEndpoint> {
  readonly operation: OasOperation['operation'];
}

export interface MockResponse {
  readonly document: OasDocument;
  readonly operations: readonly MockOperation[];
  /** `METHOD path` of operations without a mock whose paths have no parameter: a template beside them does not take their requests. */
  readonly shields: ReadonlySet<string>;
}

/** `mockResponse` of the operations. Classic's `mock_response` is another thing: it answers before authentication. */
export function fromOas(document: OasDocument): MockResponse | undefined {
  const mocks = mockEndpoints(document);
  if (mocks.length === 0) return undefined;
  const operations = mocks.map(({ path, method, operation, operationId, settings }) => {
    const examples = object(settings['fromOASExamples']);
    return {
      path,
      method,
      ignoreCase: false,
      at: `/x-tyk-api-gateway/middleware/operations/${operationId}/mockResponse`,
      operation,
      code: number(settings['code']),
      body: text(settings['body']),
      headers: nameValues(settings['headers']) as Readonly<Record<string, string>>,
      fromExamples: flag(examples['enabled']),
      exampleCode: number(examples['code']),
      exampleType: text(examples['contentType']),
      exampleName: text(examples['exampleName']),
    };
  });
  const mocked = new Set(mocks.map(({ method, path }) => `${method} ${path}`));
  const plain = operationsOf(document)
    .filter(({ path }) => !path.includes('{'))
    .map(({ method, path }) => `${method} ${path}`);
  return { document, operations, shields: new Set(plain.filter((key) => !mocked.has(key))) };
}
