import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ExplainedRow, type Explanation, explainRequest, type GatewayConfig, loadConfig } from '@gatehouse/gateway';
import type { Command, Io } from '../io.ts';
import { reportProblems } from './gateway.ts';

const USAGE = 'Usage: gatehouse explain METHOD URL [--conf FILE | --apps FOLDER] [--json]\n';

interface Options {
  readonly method: string;
  readonly url: string;
  readonly conf: string | undefined;
  readonly apps: string | undefined;
  readonly json: boolean;
}

/** `gatehouse explain METHOD URL`: the API that routing picks and the chain that the request takes. Exit code 1 where no API takes it. */
export const run: Command = (args, io) => {
  const options = parse(args, io);
  if (!options) return Promise.resolve(2);
  const config = configOf(options, io);
  if (!config) return Promise.resolve(1);
  const found = explainRequest({ config, method: options.method, url: options.url, env: io.env });
  io.stdout(options.json ? `${JSON.stringify(found, undefined, 2)}\n` : report(found));
  return Promise.resolve(found.api ? 0 : 1);
};

function parse(args: readonly string[], io: Io): Options | undefined {
  try {
    const options = { conf: { type: 'string' }, apps: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [method, url] = positionals;
    if (positionals.length === 2 && method && url && !(values.conf && values.apps))
      return { method, url, conf: values.conf, apps: values.apps, json: values.json };
    io.stderr(USAGE);
  } catch (error) {
    io.stderr(`gatehouse explain: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
  return undefined;
}

/** With neither `--conf` nor `--apps`: the `tyk.conf` of this folder, else the definitions of `gatehouse up`. */
function configOf({ conf, apps }: Options, io: Io): GatewayConfig | undefined {
  const file = resolve(io.cwd, conf ?? 'tyk.conf');
  const wantsFile = conf !== undefined || (apps === undefined && existsSync(file));
  const loaded = loadConfig(wantsFile ? { files: [file], required: true, env: io.env } : { env: io.env, defaults: 'product' });
  if (!reportProblems(loaded, io)) return undefined;
  return wantsFile ? loaded.config : { ...loaded.config, app_path: resolve(io.cwd, apps ?? '.gatehouse/apps') };
}

function report(found: Explanation): string {
  const lines = [`${found.method} ${found.url}`, ''];
  for (const { message, hint } of found.problems) lines.push(`problem    ${message}; ${hint}`);
  if (!found.api || !found.chain) return `${[...lines, found.reason].join('\n')}\n`;
  const { api, chain } = found;
  lines.push(`API        "${api.name}" (${api.id}, ${api.format === 'oas' ? 'OAS' : 'Classic'}) on port ${found.port}`);
  lines.push(`matched    ${api.matched === '' ? `/${api.id}/` : api.matched}`);
  for (const { path, message, hint } of api.problems) lines.push(`problem    ${path}: ${message}; ${hint}`);
  if (chain.request.length > 0)
    lines.push(
      `version    ${chain.version === '' ? '(unnamed)' : chain.version}`,
      ...chainLines('request', chain.request),
      ...chainLines('response', chain.response),
    );
  lines.push('', chain.answer === '' ? `upstream   ${chain.upstream.join('\n           ') || 'no usable target'}` : `answer     ${chain.answer}`);
  return `${lines.join('\n')}\n`;
}

function chainLines(title: string, rows: readonly ExplainedRow[]): string[] {
  const shown = rows.filter((row) => row.state === 'runs' || row.state === 'skipped' || row.state === 'unsupported');
  const off = rows.filter((row) => row.state === 'off').map((row) => row.id);
  const steps = shown.map((row) =>
    `  ${String(row.number).padStart(2)}  ${row.id.padEnd(24)} ${row.name.padEnd(28)} ${row.state.padEnd(12)} ${row.note}`.trimEnd(),
  );
  return ['', `${title} steps${steps.length === 0 ? ': none' : ''}`, ...steps, `  not configured: ${off.join(', ') || 'none'}`];
}
