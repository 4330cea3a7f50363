// npm run generate: the reference pages that follow from the sources alone. docs/reference/compatibility.md takes minutes and has a command of its own.
await import('./generate-chain.ts');
await import('./generate-config.ts');
