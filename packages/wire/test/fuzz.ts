import { ANSWER_SEEDS, REQUEST_SEEDS, WORDS } from './corpus.ts';
import { nodeAnswer, nodeIsNarrower, nodeRequests, ourAnswer, ourRequests, type Run } from './fuzz-runs.ts';

/** A small generator of numbers that is the same everywhere (mulberry32). */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

export type Kind = 'request' | 'answer';

const SEEDS: Readonly<Record<Kind, readonly string[]>> = { request: REQUEST_SEEDS, answer: ANSWER_SEEDS };

type Mutation = (text: string, at: number, dice: Dice, seeds: readonly string[]) => string;

const MUTATIONS: readonly Mutation[] = [
  (text, at, dice) => text.slice(0, at) + String.fromCharCode(dice.below(256)) + text.slice(at + 1),
  (text, at, dice) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << dice.below(8))) + text.slice(at + 1),
  (text, at, dice) => text.slice(0, at) + dice.one(WORDS) + text.slice(at),
  (text, at, dice) => text.slice(0, at) + dice.one(WORDS) + text.slice(at + 1 + dice.below(8)),
  (text, at, dice) => text.slice(0, at) + text.slice(at + 1 + dice.below(20)),
  (text, at, dice) => text.slice(0, at) + text.slice(at, at + 1 + dice.below(40)).repeat(2) + text.slice(at),
  (text, at, dice, seeds) => text.slice(0, at) + dice.one(seeds).slice(dice.below(30)),
  (text, at) => text.slice(0, at),
];

/** A message made of the corpus; every number of the dice gives the same one again. */
export function mutated(kind: Kind, dice: Dice): Buffer {
  const seeds = SEEDS[kind];
  let text = dice.one(seeds);
  for (let count = dice.below(5); count > 0 && text.length > 0; count--) text = dice.one(MUTATIONS)(text, dice.below(text.length), dice, seeds);
  return Buffer.from(text, 'latin1');
}

function split(bytes: Buffer, dice: Dice): Buffer[] {
  const cuts = Array.from({ length: 1 + dice.below(5) }, () => dice.below(bytes.length + 1)).toSorted((one, other) => one - other);
  return [0, ...cuts].map((from, at) => bytes.subarray(from, cuts[at] ?? bytes.length)).filter((piece) => piece.length > 0);
}

/** What is wrong with the engine on these bytes, or undefined. */
export async function check(kind: Kind, bytes: Buffer, dice: Dice): Promise<string | undefined> {
  const ours = kind === 'request' ? ourRequests : ourAnswer;
  const whole = await ours([bytes], false);
  const variants: [string, Buffer[], boolean][] = [
    ['in pieces', split(bytes, dice), false],
    ['in slow pieces', split(bytes, dice), true],
    ['byte by byte', Array.from(bytes.subarray(0, 3000), (_, at) => bytes.subarray(at, at === 2999 ? bytes.length : at + 1)), false],
  ];
  for (const [name, pieces, slowly] of variants) {
    const other = await ours(pieces, slowly);
    if (other.transcript.join('\n') !== whole.transcript.join('\n') && !endsInLongLine(bytes))
      return `${name} it is read as\n${show(other)}\nand at once as\n${show(whole)}`;
  }
  return lenient(whole, kind === 'request' ? await nodeRequests(bytes) : await nodeAnswer(bytes));
}

/** A long line that never ends is refused when it is looked at, or when the connection ends: which comes first depends on the split. */
function endsInLongLine(bytes: Buffer): boolean {
  return bytes.length - bytes.lastIndexOf(10) > 1000;
}

/** Whatever we take, Node must take, and in the same way. */
function lenient(ours: Run, node: Run): string | undefined {
  for (const [at, message] of ours.messages.entries()) {
    const other = node.messages[at];
    if (other === undefined && nodeIsNarrower(message, node.error)) return undefined;
    if (other === undefined) return `Node refuses (${node.error || 'without a word'}) what is taken here:\n${show(ours)}`;
    if (other.line !== message.line || other.body !== message.body) return `Node reads ${JSON.stringify(other)} where it is read here as\n${show(ours)}`;
  }
  return undefined;
}

function show(run: Run): string {
  return run.transcript.map((line) => `  ${line.length > 500 ? `${line.slice(0, 500)}…` : line}`).join('\n');
}

/** A failure with what is needed to see it again. */
export interface Finding {
  kind: Kind;
  input: string;
  problem: string;
}

/** Tries mutations until `goOn` says no; stops at the first failure. */
export async function fuzz(seed: number, goOn: (tried: number) => boolean): Promise<{ tried: number; finding: Finding | undefined }> {
  const dice = new Dice(seed);
  let tried = 0;
  while (goOn(tried)) {
    const kind = dice.below(3) === 0 ? 'answer' : 'request';
    const bytes = mutated(kind, dice);
    const problem = await check(kind, bytes, dice).catch((error: unknown) => String(error instanceof Error ? error.stack : error));
    tried++;
    if (problem !== undefined) return { tried, finding: { kind, input: bytes.toString('base64'), problem } };
  }
  return { tried, finding: undefined };
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
}

/** Usage: `fuzz.ts [--seconds 30] [--seed N]`, or `fuzz.ts --input BASE64 [--kind answer]` to see one message again. */
async function main(): Promise<void> {
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  const input = option('input');
  const seed = Number(option('seed') ?? Date.now() % 1_000_000);
  if (input !== undefined) {
    write(
      (await check(option('kind') === 'answer' ? 'answer' : 'request', Buffer.from(input, 'base64'), new Dice(seed))) ?? 'Nothing is wrong with this message.',
    );
    return;
  }
  const end = performance.now() + Number(option('seconds') ?? 30) * 1000;
  const { tried, finding } = await fuzz(seed, () => performance.now() < end);
  write(`fuzz: ${tried} messages, seed ${seed}, ${finding === undefined ? 'nothing found' : 'FAILED'}`);
  if (finding === undefined) return;
  write(
    `${JSON.stringify(Buffer.from(finding.input, 'base64').toString('latin1').slice(0, 2000))}\n${finding.problem}\nAgain: fuzz.ts --kind ${finding.kind} --input ${finding.input}`,
  );
  process.exitCode = 1;
}

if (import.meta.main) await main();
