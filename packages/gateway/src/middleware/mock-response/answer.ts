import { getField } from '@gatehouse/wire';
import { E } from '../../contract/errors.ts';
import type { Exchange } from '../../contract/exchange.ts';
import { type Outcome, refuse, reply, type Reply } from '../../contract/outcome.ts';
import { sniffContentType } from '../../schema/content-type.ts';
import type { Examples, Payloads } from './examples.ts';
import type { MockConfig } from './schema.ts';

export const SOURCE = 'MockResponse';
const OPTIONS = { throughResponseSteps: true, recorded: true };

/** The configured answer, the same for every request. */
export function staticAnswer({ code, body, headers }: MockConfig): Reply {
  const fields = Object.entries(headers).flat();
  if (body !== '' && getField(fields, 'content-type') === undefined) fields.push('Content-Type', sniffContentType(Buffer.from(body)));
  return reply(code === 0 ? 200 : code, fields, body, OPTIONS);
}

/**
 * The answer made from examples (spec/gateway/api-definition-oas.md §8). Clients choose by `X-Tyk-Accept-Example-Code`, `Accept` and
 * `X-Tyk-Accept-Example-Name`; a choice that the document does not have is a 500, as in Tyk.
 */
export function exampleAnswer(x: Exchange, config: MockConfig, examples: Examples): Outcome {
  const asked = x.field('x-tyk-accept-example-code') ?? '';
  if (asked !== '' && !/^[+-]?\d+$/.test(asked)) return failed(`given code ${asked} is not a valid integer value`);
  const code = asked === '' ? config.exampleCode || 200 : Number(asked);
  const response = examples.byCode.get(String(code));
  if (response === undefined) return failed(`there is no example response for the code: ${code}`);
  if (response.types.size === 0) return reply(code, [...response.fields], '', OPTIONS);
  const type = chooseType(x, config.exampleType || 'application/json', response.types);
  const payloads = response.types.get(type);
  if (payloads === undefined) return failed(`there is no example response for the content type: ${type}`);
  const name = x.field('x-tyk-accept-example-name') || config.exampleName;
  if (payloads.named !== undefined && name !== '' && !payloads.named.has(name)) return failed(`there is no example response for the example name: ${name}`);
  return reply(code, ['Content-Type', type, ...response.fields], bodyOf(payloads, name, type), OPTIONS);
}

/** The first type of `Accept` that the document has; the configured one where none is named or any will do. */
function chooseType(x: Exchange, standard: string, types: ReadonlyMap<string, Payloads>): string {
  const accepted = (x.field('accept') ?? '')
    .split(',')
    .map((range) => (range.split(';')[0] ?? '').trim())
    .filter((range) => range !== '');
  const [only] = accepted;
  const found = accepted.find((range) => types.has(range));
  if (found !== undefined) return found;
  return accepted.length === 1 && only !== undefined && only !== '*/*' ? only : standard;
}

/** JSON, but a text of a type that is not JSON stays as it is. */
function bodyOf({ usual, named }: Payloads, name: string, type: string): string {
  const value = name === '' ? usual : (named?.get(name) ?? usual);
  return typeof value === 'string' && !/[/+]json$/i.test(type) ? value : JSON.stringify(value ?? null);
}

function failed(reason: string): Outcome {
  return refuse(E.MOCK_FAILED, SOURCE, `mock: ${reason}`);
}
