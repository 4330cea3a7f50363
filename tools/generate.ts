// npm run generate: the reference pages that follow from the sources alone; with --check it only says which are stale.
// docs/reference/compatibility.md takes minutes and has a command of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configurationPage } from '@gatehouse/gateway';
import { chainPage } from './generate-chain.ts';
import { errorsPage } from './generate-errors.ts';

const PAGES: Readonly<Record<string, () => string>> = { chain: chainPage, configuration: configurationPage, errors: errorsPage };

for (const [name, make] of Object.entries(PAGES)) {
  const file = fileURLToPath(new URL(`../docs/reference/${name}.md`, import.meta.url));
  if (!process.argv.includes('--check')) writeFileSync(file, make());
  else if (readFileSync(file, 'utf8') !== make()) {
    console.error(`docs/reference/${name}.md is stale: run npm run generate`);
    process.exitCode = 1;
  }
}
