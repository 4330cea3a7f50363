import { type ChainRow, chainRows, responseRows } from '../packages/gateway/src/middleware/chain.ts';

const mark = (value: boolean): string => (value ? '•' : '');

const EFFECTS = { disable: 'the API answers 503', endpoint: 'endpoints that use it answer 503', degrade: 'served without it' };

function stateOf({ use, later }: ChainRow): string {
  if (use !== undefined) return 'yes';
  if (later === undefined) return '–';
  return `part ${later.part}: ${EFFECTS[later.effect]}`;
}

function rowOf(row: ChainRow): string {
  const traffic = [row.http, row.webSocket, row.graphql, row.grpc, row.loop].map(mark);
  const id = row.use === undefined ? `\`${row.id}\`` : `**\`${row.id}\`**`;
  return `| ${[row.number, id, row.name, ...traffic, mark(row.use?.skipIgnored === true), stateOf(row), row.why].join(' | ')} |`;
}

const table = (rows: readonly ChainRow[]): string[] => [
  '| # | id | Tyk’s name | HTTP | WebSocket | GraphQL | gRPC | loop | skipped for ignored endpoints | there | why here |',
  '|--:|---|---|:-:|:-:|:-:|:-:|:-:|:-:|---|---|',
  ...rows.map(rowOf),
];

/** docs/reference/chain.md: made from the lists that the gateway compiles, so it cannot say anything else than what runs. */
export function chainPage(): string {
  return [
    '# The chain',
    '',
    'What happens to a request, in this order. A row contributes a step only to APIs that configure it. The first row that refuses or answers ends the request.',
    'A definition that uses a row which is not there yet is told so by a problem that names the place. Where the row guards the API, the API answers 503;',
    'where it guards single endpoints, these answer 503 in its place (rows about answers: before there is one) and all others are served.',
    '',
    '## Requests',
    '',
    ...table(chainRows),
    '',
    '## Answers',
    '',
    ...table(responseRows),
    '',
    'Made by `npm run generate` from `packages/gateway/src/middleware/chain.ts`.',
    '',
  ].join('\n');
}
