// Writes docs/reference/configuration.md from the table of settings: node --conditions=@gatehouse/source tools/generate-config.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configurationPage } from '@gatehouse/gateway';

writeFileSync(fileURLToPath(new URL('../docs/reference/configuration.md', import.meta.url)), configurationPage());
