import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chainPage } from './generate-chain.ts';

it('docs/reference/chain.md is what the chain is now', () => {
  expect(readFileSync(new URL('../docs/reference/chain.md', import.meta.url), 'utf8')).toBe(chainPage());
});
