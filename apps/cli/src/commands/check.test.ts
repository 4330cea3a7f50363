import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../io.ts';
import { run as check } from './check.ts';
import { run as explain } from './explain.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));
  writeFileSync(join(folder, 'good.json'), JSON.stringify(api('good', '/good/')));
  writeFileSync(join(folder, 'bad.json'), JSON.stringify({ ...api('bad', '/bad/'), use_keyless: 'yes' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

function api(id: string, path: string): object {
  const version_data = { not_versioned: true, versions: { Default: { name: 'Default' } } };
  return {
    api_id: id,
    name: id,
    use_keyless: true,
    proxy: { listen_path: path, target_url: 'http://upstream.internal/', strip_listen_path: true },
    version_data,
  };
}

async function play(command: Command, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io = { stdout: (text: string) => void (out += text), stderr: (text: string) => void (err += text), env: {}, isTTY: false, cwd: folder };
  const code = await command(args, io);
  return { code, out, err };
}

describe('gatehouse check', () => {
  it('tells good from bad, in words', async () => {
    expect(await play(check, '.')).toEqual({
      code: 1,
      out:
        'wrong        bad.json: Classic API "bad"\n    wrong        /use_keyless: expected true or false, found the string "yes"; write true or false here\n' +
        'ok           good.json: Classic API "good"\n\n2 files: 1 ok, 0 differ, 0 unsupported, 1 wrong\n',
      err: '',
    });
    expect(await play(check, 'good.json')).toMatchObject({ code: 0, err: '' });
  });

  it('tells the same as JSON', async () => {
    const { out } = await play(check, '--json', 'bad.json');
    expect(JSON.parse(out)).toMatchObject({
      files: [{ verdict: 'wrong', kind: 'classic', problems: [{ path: '/use_keyless' }] }],
      summary: { files: 1, wrong: 1 },
    });
  });

  it.each([
    [[], 2, 'name at least one file or folder'],
    [['--colour', 'x'], 2, "Unknown option '--colour'"],
    [['missing'], 1, 'ENOENT'],
  ])('%j: exit code %i', async (args, code, text) => {
    const found = await play(check, ...args);
    expect(found.code).toBe(code);
    expect(found.err).toContain(text);
  });
});

describe('gatehouse explain', () => {
  it('shows the way of a request', async () => {
    const { code, out } = await play(explain, 'GET', '/good/a?x=1', '--apps', '.');
    expect(code).toBe(0);
    expect(out).toContain('API        "good" (good, Classic) on port 8080\nmatched    /good/\nversion    Default\n');
    expect(out).toContain('upstream   GET http://upstream.internal/a?x=1\n');
    expect(out).toContain('not configured: ');
  });

  it('says why no API takes a request', async () => {
    expect(await play(explain, 'GET', '/none', '--apps', '.')).toMatchObject({
      code: 1,
      out: expect.stringContaining('404: no listen path on port 8080 begins /none; there are /good/') as string,
    });
  });

  it.each([[['GET']], [['GET', '/a', '--conf', 'a', '--apps', 'b']], [['GET', '/a', '--what']]])('%j is wrong usage', async (args) => {
    expect(await play(explain, ...args)).toMatchObject({ code: 2, err: expect.stringContaining('Usage: gatehouse explain') as string });
  });

  it('needs the configuration that was named', async () => {
    expect(await play(explain, 'GET', '/a', '--conf', 'missing.conf')).toMatchObject({ code: 1, err: expect.stringContaining('missing.conf') as string });
  });
});
