import { E, type ErrorRow } from '../packages/gateway/src/contract/errors.ts';

const rowOf = ({ code, status, text, flag, details }: ErrorRow): string => `| \`${code}\` | ${status} | ${text} | ${flag} | ${details} |`;

/** docs/reference/errors.md: the table of refusals that the request path answers with. */
export function errorsPage(): string {
  return [
    '# Errors',
    '',
    'What the gateway answers when it refuses a request. `%s` stands for a detail. The flag and its class are what access logs and metrics show.',
    '',
    '| code | status | text | flag | class |',
    '|---|--:|---|---|---|',
    ...Object.values(E).map(rowOf),
    '',
    'Made by `npm run generate` from `packages/gateway/src/contract/errors.ts`.',
    '',
  ].join('\n');
}
