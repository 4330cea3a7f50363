import type { Exchange } from '../../contract/exchange.ts';
import type { Outcome } from '../../contract/outcome.ts';
import type { Middleware } from '../../contract/step.ts';
import { cleanPathOf } from '../../routing/candidates.ts';
import { compileEndpoints } from '../endpoint-config.ts';
import { exampleAnswer, SOURCE, staticAnswer } from './answer.ts';
import { collectExamples } from './examples.ts';
import { fromOas, type MockOperation, type MockResponse } from './formats.ts';

interface Mock {
  readonly template: boolean;
  answer(x: Exchange): Outcome;
}

/** Answers operations of a document without an upstream, behind authentication and limits. */
export const mockResponse: Middleware<MockResponse> = {
  id: 'mock.response',
  name: SOURCE,
  stage: 'transform',
  skipIgnored: false,
  read: ({ oas }) => (oas === undefined ? undefined : fromOas(oas)),
  compile({ document, operations, shields }, site) {
    const table = compileEndpoints(operations, site, (operation): Mock => ({ template: operation.path.includes('{'), answer: answerOf(operation, document) }));
    return {
      request: function answerMock(x) {
        const mock = table.find(x);
        if (mock === undefined || (mock.template && shields.has(`${x.method} ${cleanPathOf(x)}`))) return;
        return mock.answer(x);
      },
    };
  },
};

function answerOf(operation: MockOperation, document: MockResponse['document']): Mock['answer'] {
  if (!operation.fromExamples) {
    const answer = staticAnswer(operation);
    return () => answer;
  }
  const examples = collectExamples(operation.operation, document);
  return (x) => exampleAnswer(x, operation, examples);
}
