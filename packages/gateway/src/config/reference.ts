import { environmentEntries } from './environment.ts';
import type { Field, FieldTable } from './field.ts';
import { CONFIG_GROUPS, CONFIG_TABLE } from './table.ts';

const INTRODUCTION = `# Configuration

<!-- Made by "npm run generate" from packages/gateway/src/config/tables. Do not edit. -->

The gateway reads one file, JSON (as Tyk's \`tyk.conf\`) or YAML, and then the environment, which wins. A setting has the environment
name of its row after \`TYK_GW_\` or \`GATEHOUSE_\`; of the two, \`GATEHOUSE_\` wins. Lists are written with commas (\`a,b\`), maps as
\`name:value,name:value\`, what is marked JSON as JSON text. \`TYK_GW_OMITCONFIGFILE=true\` leaves the file out.

Without any file the *built-in* values count. Once there is a file (or \`TYK_GW_OMITCONFIGFILE\`), a setting that nobody sets is false, 0 or
empty, unless *else* names another value. \`gatehouse up\` starts from the values of its own column.

A key that is not on this page is an error that names the nearest one; \`--compat\` turns it into a warning. Settings marked † are known and
without effect. Those marked ⚿ may be a reference: \`env://NAME\` reads the variable \`TYK_SECRET_NAME\`, \`secrets://key\` the map
\`secrets\`, \`file://name\` a file below \`kv.file.base_path\`.
`;

interface Row {
  readonly key: string;
  readonly field: Exclude<Field, { kind: 'section' }>;
}

/** All settings of a table by their dotted names; the items of a list follow it with \`[]\`. */
function rows(table: FieldTable, above = ''): readonly Row[] {
  return Object.entries(table).flatMap(([name, field]) => {
    const key = above + name;
    if (field.kind === 'section') return rows(field.fields, `${key}.`);
    const items = field.kind === 'items' ? rows(field.fields, `${key}[].`) : [];
    return [{ key, field } as Row].concat(items);
  });
}

const names = new Map(environmentEntries(CONFIG_TABLE).map(({ keys, name, field }) => [keys.join('.'), { name, field }]));

/** The variable of a setting; for one inside a JSON value, nothing. */
function variable(key: string): string {
  const entry = names.get(key);
  if (entry === undefined) return '';
  return `\`${entry.name}\`${['items', 'any'].includes(entry.field.kind) ? ' (JSON)' : ''}`;
}

const shown = (value: unknown): string => (value === undefined || value === '' ? '' : `\`${JSON.stringify(value).replaceAll('"', '')}\``);

const description = ({ field }: Row): string => {
  const allowed = field.oneOf === undefined ? '' : ` One of ${field.oneOf.map((value) => `\`${value}\``).join(', ')}.`;
  return (field.about + allowed).replaceAll('|', '\\|');
};

function line(row: Row): string {
  const { key, field } = row;
  const marks = (field.unused === true ? ' †' : '') + (field.secret === true && field.kind === 'text' ? ' ⚿' : '');
  return `| \`${key}\`${marks} | ${field.kind} | ${shown(field.initial)} | ${shown(field.zero)} | ${shown(field.product)} | ${variable(key)} | ${description(row)} |`;
}

function group([heading, table]: readonly [string, FieldTable]): string {
  const head = ['| setting | kind | built-in | else | `gatehouse up` | environment | |', '|---|---|---|---|---|---|---|'];
  return [`## ${heading}`, '', ...head, ...rows(table).map(line), ''].join('\n');
}

/** Sections that one variable sets as a whole. */
const WHOLE = [...names].filter(([, { field }]) => field.kind === 'section').map(([key, { name }]) => `\`${key}\` as a whole is \`${name}\` (JSON).`);

/** The reference page docs/reference/configuration.md, made from the table of settings. */
export function configurationPage(): string {
  return [INTRODUCTION, ...CONFIG_GROUPS.map(group), ...WHOLE, ''].join('\n');
}
