// One step of a case.
import fs from 'node:fs';
import path from 'node:path';
import { asJson, sleep } from './common.mjs';
import { rawAnswers, sendRaw } from './raw.mjs';
import { redis } from './redis.mjs';
import { send } from './request.mjs';
import { checkSignature, sign } from './signatures.mjs';
import { QUIET_ANSWER, QUIET_UPSTREAM, headersOf, normalise, pointer } from './values.mjs';
import { options } from './options.mjs';

export async function runStep(step, variables, port, agents, upstreams, suiteTls, work) {
  if (step.wait) {
    await sleep(step.wait);
    return null;
  }
  if (step.write) {
    fs.mkdirSync(path.dirname(path.join(work, step.write)), { recursive: true });
    fs.writeFileSync(path.join(work, step.write), typeof step.content === 'string' ? step.content : JSON.stringify(step.content));
    return null;
  }
  if (step.remove) {
    fs.rmSync(path.join(work, step.remove));
    return null;
  }
  if (step.read) {
    const f = path.join(work, step.read);
    return normalise({ file: fs.existsSync(f) ? asJson(fs.readFileSync(f, 'utf8')) : null }, variables);
  }
  if (step.redis) {
    const [v] = await redis(options.redis, step.redis);
    if (Array.isArray(v) && /^(keys|smembers)$/i.test(step.redis[0])) v.sort();
    return normalise({ redis: typeof v === 'string' ? asJson(v) : v }, variables);
  }
  if (step.plugin) {
    await upstreams.plugin[step.plugin]();
    return null;
  }
  if (step.bundle) {
    upstreams.answers[`/bundles/${step.bundle}`] = upstreams.answers[`/bundles/${step.as}`];
    return null;
  }
  if (step.output)
    return normalise(
      {
        lines: upstreams
          .output()
          .split('\n')
          .filter((l) => l.includes(step.output))
          .map((l) => l.replace(/time="[^"]*"/, 'time="<time>"')),
      },
      variables,
    );
  if (step.reload) {
    await send({ control: true, path: '/tyk/reload?block=true', tls: suiteTls }, variables.CONTROL_PORT ?? port, agents);
    await sleep(200);
    return null;
  }
  const target = step.port ? Number(step.port) : step.control ? (variables.CONTROL_PORT ?? port) : port;
  if (step.tls === undefined && suiteTls) step.tls = suiteTls;
  if (step.raw !== undefined) {
    let a = await sendRaw(step, target);
    if (step.parse) a = { answers: rawAnswers(a.raw, [step.raw].flat()[0].startsWith('HEAD '), step.parse === 'text'), closed: a.closed };
    return normalise({ ...a, ...upstreamPart(upstreams, step.verify) }, variables);
  }
  if (step.sign) for (const g of [step.sign].flat()) variables[`saved.${g.name ?? 'signature'}`] = sign(step, g);
  const statuses = [];
  let answer;
  for (let i = 0; i < (step.repeat ?? 1); i++) {
    answer = await send(step, target, agents);
    statuses.push(answer.status ?? answer.error);
    if (step.every) await sleep(step.every);
  }
  if (step.after) await sleep(step.after);
  const shown = answer.error ? { error: answer.error } : { ...answer, headers: headersOf(answer.headers, QUIET_ANSWER), body: asJson(answer.body) };
  for (const [name, from] of Object.entries(step.save ?? {}))
    variables[`saved.${name}`] = from.startsWith('header:') ? shown.headers?.[from.slice(7).toLowerCase()]?.[0] : pointer(shown.body, from);
  const result = normalise(shown, variables);
  if (step.repeat) result.statuses = statuses;
  return {
    ...result,
    ...(step.keepUpstream
      ? {}
      : step.noUpstream
        ? (upstreams.take(), upstreams.plugin?.take(), {})
        : normalise(upstreamPart(upstreams, step.verify), variables)),
  };
}

const upstreamPart = (upstreams, verify) => {
  const seen = upstreams.take(),
    calls = upstreams.plugin?.take() ?? [];
  return {
    ...(calls.length ? { plugin: calls } : {}),
    ...(seen.length
      ? {
          ...(verify ? { signature: checkSignature(verify, seen.at(-1)) } : {}),
          upstream: seen.slice(-2).map((r) => ({ ...r, headers: headersOf(r.headers, QUIET_UPSTREAM) })),
          upstreamRequests: seen.length,
        }
      : {}),
  };
};
