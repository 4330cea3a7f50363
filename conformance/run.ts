// npm run conformance -- [options] [suites…]
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { describeFailures, describeTally, tally } from './describe.ts';
import { OUR_GATEWAY, playAll, type SuiteResult } from './play-suite.ts';
import { featurePatterns, suites } from './suites.ts';

const USAGE = `Plays conformance suites against a gateway, several at a time.

  npm run conformance -- [options] [suites…]        suites: names or patterns, e.g. proxy/headers 'limits/keys-*' tls '!tls/mtls*'

  --gateway CMD      command that starts the gateway; {conf} is replaced by the path of its tyk.conf (default: ours, from source)
  --redis PORT       a Redis on this machine that may be flushed; without it suites that look into Redis are skipped
  --features         the suites of the features that exist (features.json)
  --jobs N           suites at a time, 1 to 7 (default: number of cores)
  --case TEXT        only cases whose name contains TEXT
  --differences F    JSON list of intended differences (default: differences.json beside this; 'none' for none)
  --pending F        JSON list of cases that wait for a later part and may differ (default: pending.json beside this; 'none' for none)
  --templates DIR    template_path, for gateways that need one
  --json             one JSON object per case
`;

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function options() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const known = {
    gateway: text,
    redis: text,
    jobs: text,
    case: text,
    differences: text,
    pending: text,
    templates: text,
    json: flag,
    features: flag,
    help: flag,
  };
  try {
    return parseArgs({ options: known, allowPositionals: true });
  } catch (error) {
    return fail((error as Error).message);
  }
}

function chosen(patterns: string[], features: boolean) {
  try {
    return suites(features ? [...featurePatterns(), ...patterns] : patterns);
  } catch (error) {
    return fail((error as Error).message);
  }
}

function print(result: SuiteResult, json: boolean): void {
  if (json) for (const one of result.cases) console.log(JSON.stringify(one));
  else console.log([describeFailures(result), result.notes.trim(), `${result.name}: ${describeTally(tally([result]))}`].filter(Boolean).join('\n'));
}

const { values, positionals } = options();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const jobs = Number(values.jobs ?? Math.min(7, availableParallelism()));
if (!(Number.isInteger(jobs) && jobs >= 1 && jobs <= 7)) fail(`--jobs wants a number from 1 to 7, not ${values.jobs}`);
const results: SuiteResult[] = [];
for await (const result of playAll(chosen(positionals, values.features ?? false), { ...values, gateway: values.gateway ?? OUR_GATEWAY }, jobs)) {
  results.push(result);
  print(result, values.json ?? false);
}
const sum = tally(results);
(values.json ? console.error : console.log)(describeTally(sum));
process.exitCode = sum.differ > 0 || results.some(({ arrived }) => arrived.length > 0) ? 1 : 0;
