import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOutput } from './line-output.ts';

let folder = '';
let descriptor = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-lines-'));
  descriptor = openSync(join(folder, 'out'), 'w');
});
afterEach(() => {
  closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

const content = (): string => readFileSync(join(folder, 'out'), 'utf8');

describe('lines to a file', () => {
  it('are written in their order, large ones at once', async () => {
    const out = lineOutput(descriptor, 1);
    const lines = Array.from({ length: 3000 }, (_, i) => `line ${i} ${'ü'.repeat(50)}\n`);
    for (const line of lines) out.add(line);
    await expect.poll(content, { timeout: 10_000 }).toBe(lines.join(''));
    expect(out.dropped).toBe(0);
  });

  it('are there after a flush', () => {
    const out = lineOutput(descriptor);
    out.add('one\n');
    out.flush();
    out.flush();
    expect(content()).toBe('one\n');
  });

  it('are dropped, and counted, when nobody takes them', () => {
    const out = lineOutput(descriptor);
    for (let i = 0; i < 10; i++) out.add('x'.repeat(1024 * 1024));
    expect(out.dropped).toBe(0);
    for (let i = 0; i < 10; i++) out.add('y'.repeat(1024 * 1024));
    expect(out.dropped).toBeGreaterThan(8 * 1024 * 1024);
  });

  it('to a closed descriptor end nothing', () => {
    const out = lineOutput(999_999);
    out.add('lost');
    out.flush();
    expect(out.dropped).toBe(4);
  });
});
