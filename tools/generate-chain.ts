// Writes docs/reference/chain.md from the chain itself: node --conditions=@gatehouse/source tools/generate-chain.ts [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ChainRow, chainRows, responseRows } from '../packages/gateway/src/middleware/chain.ts';

const PAGE = fileURLToPath(new URL('../docs/reference/chain.md', import.meta.url));

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

/** The page: made from the lists that the gateway compiles, so it cannot say anything else than what runs. */
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
    'Made by `tools/generate-chain.ts` from `packages/gateway/src/middleware/chain.ts`.',
    '',
  ].join('\n');
}

if (import.meta.main) {
  if (!process.argv.includes('--check')) writeFileSync(PAGE, chainPage());
  else if (readFileSync(PAGE, 'utf8') !== chainPage()) {
    console.error(`${PAGE} is not what the chain is now: run node tools/generate-chain.ts`);
    process.exitCode = 1;
  }
}
