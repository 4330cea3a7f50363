import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAdmin } from '../index.ts';
import type { AdminHandler } from '../context.ts';
import { call, testContext } from './context.ts';

/**
 * Plays the control steps of conformance suites in this process, without a listener and without traffic (conformance/README.md has the format).
 * Cases that send requests through APIs are played as far as their control steps go, and compared only where no counter matters.
 */
type Json = Record<string, unknown>;

interface Step {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: unknown;
  readonly control?: boolean;
  readonly save?: Readonly<Record<string, string>>;
  readonly reload?: boolean;
  /** Paths in the working folder. */
  readonly write?: string;
  readonly content?: unknown;
  readonly read?: string;
  readonly remove?: string;
  readonly want?: Json;
  readonly loose?: readonly string[];
}

export interface Suite {
  readonly suite: string;
  readonly conf?: Json;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly apis?: readonly Json[];
  readonly oas?: readonly Json[];
  readonly policies?: Readonly<Record<string, unknown>>;
  readonly cases: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

type Variables = Record<string, unknown>;

const SUITES = fileURLToPath(new URL('../../../../../conformance/suites/', import.meta.url));
const SECRET = 'golden-secret';

export const readSuite = (name: string): Suite => JSON.parse(readFileSync(path.join(SUITES, `${name}.json`), 'utf8')) as Suite;

/** Differences of each case, by name: `step N at: want …, got …`. */
export async function playSuite(suite: Suite): Promise<Map<string, string[]>> {
  const work = mkdtempSync(path.join(tmpdir(), 'admin-suite-'));
  try {
    const variables = variablesOf(work);
    const admin = await start(suite, work, variables);
    const found = new Map<string, string[]>();
    for (const { name, steps } of suite.cases) found.set(name, await playCase(admin, steps, work, { ...variables }));
    return found;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function variablesOf(work: string): Variables {
  const variables: Variables = { WORK: work, SECRET, GATEWAY_HOST: '127.0.0.1:8080' };
  for (const [i, name] of ['UPSTREAM', 'UPSTREAM_B'].entries()) {
    Object.assign(variables, { [name]: `http://127.0.0.1:${9001 + i}`, [`${name}_HOST`]: `127.0.0.1:${9001 + i}` });
  }
  return variables;
}

async function start(suite: Suite, work: string, variables: Variables): Promise<AdminHandler> {
  for (const folder of ['apps', 'policies']) mkdirSync(path.join(work, folder));
  const write = (name: string, content: unknown): void => writeFileSync(path.join(work, name), asText(content));
  for (const [name, content] of Object.entries(suite.files ?? {})) write(name, substitute(content, variables));
  for (const [id, policy] of Object.entries(suite.policies ?? {})) write(`policies/${id}.json`, substitute(policy, variables));
  for (const api of suite.apis ?? []) write(`apps/${String(api['api_id'])}.json`, substitute(api, variables));
  const base = { listen_address: '127.0.0.1', listen_port: 8080, secret: SECRET, app_path: `${work}/apps/` };
  const policies = { policy_source: 'file', policy_path: `${work}/policies/`, ...(suite.conf?.['policies'] as Json | undefined) };
  write('tyk.conf', { ...base, ...(substitute(suite.conf ?? {}, variables) as Json), policies: substitute(policies, variables) });
  const { context } = testContext(path.join(work, 'tyk.conf'));
  const admin = createAdmin(context);
  for (const body of suite.oas ?? []) await call(admin, { method: 'POST', path: '/tyk/apis/oas', headers: SIGNED, body: substitute(body, variables) });
  await context.reload();
  return admin;
}

const SIGNED = [['X-Tyk-Authorization', SECRET]] as const;

const isControl = (step: Step): boolean => step.control === true || /^\/(?:tyk|hello|ready|alive|able)\b/.test(step.path ?? '');

async function playCase(admin: AdminHandler, steps: readonly Step[], work: string, variables: Variables): Promise<string[]> {
  const found: string[] = [];
  let traffic = false;
  for (const [i, raw] of steps.entries()) {
    const step = substitute(raw, variables) as Step;
    if (step.path !== undefined && !isControl(step)) traffic = true;
    const got = await playStep(admin, step, work, variables);
    const counts = traffic && step.method === 'GET';
    if (got === undefined || step.want === undefined || counts) continue;
    const want = comparable(raw.want as Json);
    for (const [at, a, b] of differences(want, normalise(got, variables), step.loose ?? [])) found.push(`step ${i + 1} ${at}: want ${show(a)}, got ${show(b)}`);
  }
  return found;
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300));

/** What an upstream received, and how often, is no matter here. */
function comparable({ upstream: _u, upstreamRequests: _n, statuses: _s, ...want }: Json): Json {
  return want;
}

async function playStep(admin: AdminHandler, step: Step, work: string, variables: Variables): Promise<unknown> {
  if (step.write !== undefined) writeFileSync(path.join(work, step.write), asText(step.content));
  else if (step.remove !== undefined) rmSync(path.join(work, step.remove), { force: true });
  else if (step.read !== undefined) return readStep(path.join(work, step.read));
  else if (step.reload === true) await call(admin, { path: '/tyk/reload?block=true', headers: SIGNED });
  else if (step.path !== undefined && isControl(step)) return await send(admin, step, step.path, variables);
  return undefined;
}

const asText = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content));

const readStep = (file: string): Json => ({ file: existsSync(file) ? asJson(readFileSync(file, 'utf8')) : null });

async function send(admin: AdminHandler, step: Step, to: string, variables: Variables): Promise<unknown> {
  const headers = [...(step.headers ?? []), ...(step.control === true ? SIGNED : [])];
  const answer = await call(admin, { method: step.method ?? 'GET', path: to, headers, body: step.body ?? '' });
  const shown = { status: answer.status, headers: lowerCase(answer.headers), body: asJson(answer.body.toString()) };
  for (const [name, at] of Object.entries(step.save ?? {})) variables[`saved.${name}`] = valueAt(shown.body, at);
  return shown;
}

function lowerCase(headers: readonly (readonly [string, string])[]): Json {
  return Object.fromEntries(headers.map(([name, value]): [string, string[]] => [name.toLowerCase(), [value]]));
}

function asJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { json: value } : text;
  } catch {
    return text;
  }
}

const valueAt = (value: unknown, at: string): unknown =>
  at
    .split('/')
    .slice(1)
    .reduce((inner, key) => (inner as Json | undefined)?.[key], value);

function mapTexts(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [String(change(key)), mapTexts(item, change)]));
}

function substitute(value: unknown, variables: Variables): unknown {
  return mapTexts(value, (text) => text.replaceAll(/\$\{([\w.:-]+)\}/g, (all, name: string) => (name in variables ? String(variables[name]) : all)));
}

/** Names in place of hosts, ids and times, as the recorded answers have them. */
function normalise(value: unknown, variables: Variables): unknown {
  const named = mapTexts(value, (text) => {
    const names = Object.entries(variables).filter(
      ([name, v]) => typeof v === 'string' && (name.endsWith('_HOST') || (name.startsWith('saved.') && v.length >= 8)),
    );
    const shown = names
      .reduce((done, [name, v]) => done.replaceAll(String(v), `\${${name}}`), text)
      .replaceAll(/\b20\d\d-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, '<time>');
    return /^\d{10}$/.test(shown) && isNear(Number(shown)) ? '<epoch>' : shown;
  });
  return JSON.parse(JSON.stringify(named, (_key, item: unknown) => (typeof item === 'number' && isNear(item) ? '<epoch>' : item)));
}

const isNear = (seconds: number): boolean => Number.isInteger(seconds) && Math.abs(seconds - Date.now() / 1000) < 400 * 86_400;

type Difference = readonly [at: string, want: unknown, got: unknown];

function differences(want: unknown, got: unknown, loose: readonly string[], at = ''): Difference[] {
  const isLoose = loose.some((place) => place === at || (place.endsWith('/**') && at.startsWith(place.slice(0, -3))));
  if (isLoose) return typeof want === typeof got ? [] : [[at, want, got]];
  if (!isNested(want) || !isNested(got) || Array.isArray(want) !== Array.isArray(got)) return Object.is(want, got) ? [] : [[at, want, got]];
  const keys = new Set([...Object.keys(want), ...Object.keys(got)]);
  return [...keys].flatMap((key) => differences(want[key], got[key], loose, `${at}/${key}`));
}

const isNested = (value: unknown): value is Json => typeof value === 'object' && value !== null;
