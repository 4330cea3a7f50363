#!/usr/bin/env node
// Plays conformance suites against a gateway, and says where its answers differ from the recorded ones. Options: see player/options.mjs, or run it without any.
// Node 20 or newer, no dependencies. The format is described in README.md.
import fs from 'node:fs';
import { play } from './player/suite.mjs';
import { differences, ownAgent } from './player/values.mjs';
import { mode, options } from './player/options.mjs';

const short = (v) => {
  const s = v === undefined ? 'nothing' : JSON.stringify(v);
  return s.length > 160 ? `${s.slice(0, 157)}…` : s;
};
const intended = options.differences ? JSON.parse(fs.readFileSync(options.differences, 'utf8')) : [];
const isIntended = (suite, name, at) => intended.some((d) => d.suite === suite && (d.case === undefined || d.case === name) && at.startsWith(d.at ?? ''));
let passed = 0,
  failed = 0,
  skipped = 0,
  different = 0;

for (const file of options.suites) {
  const suite = JSON.parse(fs.readFileSync(file, 'utf8'));
  const looksIntoRedis = Boolean(suite.redisBefore) || [...(suite.setup ?? []), ...suite.cases.flatMap((c) => c.steps)].some((step) => step.redis);
  if (((suite.needs ?? []).includes('redis') || looksIntoRedis) && !options.redis && !(options.embedded && !looksIntoRedis)) {
    skipped += suite.cases.length;
    console.log(options.json ? JSON.stringify({ suite: suite.suite, skipped: suite.cases.length }) : `${suite.suite}: skipped, needs redis`);
    continue;
  }
  if (mode === 'record') {
    const first = await play(suite);
    const second = first.failed ? first : await play(suite);
    if (second.failed) {
      console.log(`${suite.suite}: ${second.failed}`);
      failed += suite.cases.length;
      continue;
    }
    for (const [i, c] of suite.cases.entries()) {
      if (!first.cases[i]) continue;
      for (const [k, step] of c.steps.entries()) {
        const a = first.cases[i][k],
          b = second.cases[i][k];
        if (a === null) continue;
        const differing = differences(a, b, []).map(([at]) => at);
        step.want = a;
        const loose = [...new Set([...(step.loose ?? []).filter((l) => l.endsWith('/**')), ...differing])];
        if (loose.length) step.loose = loose;
        else delete step.loose;
        if (differing.length) console.log(`${suite.suite} · ${c.name} · step ${k + 1}: differs from run to run at ${differing.join(' ')}`);
      }
      passed++;
    }
    fs.writeFileSync(file, `${JSON.stringify(suite, null, 1)}\n`);
    continue;
  }
  const run = await play(suite);
  for (const [i, c] of suite.cases.entries()) {
    const got = run.cases[i];
    if (!run.failed && !got) continue;
    const wrong = [];
    if (run.failed) wrong.push([0, '', 'a running gateway', run.failed]);
    else
      for (const [k, step] of c.steps.entries())
        if (step.want === undefined) {
          if (got[k] !== null) wrong.push([k + 1, '', 'a recorded answer', 'nothing recorded']);
        } else for (const d of differences(ownAgent(step.want), got[k], step.loose ?? [])) wrong.push([k + 1, ...d]);
    const unmeant = wrong.filter(([, at]) => !isIntended(suite.suite, c.name, at));
    const intendedHere = wrong.length - unmeant.length;
    if (intendedHere) {
      different++;
      wrong.splice(0, wrong.length, ...unmeant);
    }
    if (wrong.length) failed++;
    else passed++;
    if (options.json) console.log(JSON.stringify({ suite: suite.suite, case: c.name, ok: wrong.length === 0, intended: intendedHere, wrong }));
    else if (wrong.length) {
      console.log(`✗ ${suite.suite} · ${c.name}${c.covers ? ` (${c.covers})` : ''}`);
      for (const [k, at, want, is] of wrong.slice(0, 6)) console.log(`    step ${k} ${at}: want ${short(want)}, got ${short(is)}`);
      if (wrong.length > 6) console.log(`    … and ${wrong.length - 6} more`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
if (different && !options.json) console.error(`${different} cases differ as intended`);
process.stdout.write('', () => process.exit(failed ? 1 : 0)); // after everything that was printed before
