import { describe, expect, it } from 'vitest';
import { type AdministrationView, answerAdministration } from './admin-endpoints.ts';
import { createRecorder } from './recorder.ts';
import { answered, makeApi, makeConfig, makeRequest, sent } from './test/fixtures.ts';

function gateway(reloads: number, reason = ''): AdministrationView {
  return {
    reloads,
    loaded: () => ({ apis: [], policies: new Map(), problems: [] }),
    readiness: () => ({ ready: reason === '', reason }),
    metrics: () => {
      const recorder = createRecorder({ config: makeConfig(), deliver: () => undefined });
      recorder.finished(sent(makeRequest('GET /birds/x', makeApi('birds')), '/x'), answered());
      const snapshot = structuredClone(recorder.snapshot(3));
      recorder.close();
      return Promise.resolve([snapshot]);
    },
  };
}

describe('the administration port', () => {
  it.each([
    ['/livez', gateway(0, 'starting'), 200, 'ok\n'],
    ['/startupz', gateway(0, 'starting'), 503, '[-]definitions failed: not loaded yet\ncheck failed\n'],
    ['/readyz', gateway(1), 200, 'ok\n'],
    ['/readyz?verbose', gateway(1), 200, '[+]definitions ok\n[+]gateway ok\ncheck passed\n'],
    ['/readyz', gateway(1, 'Gateway is shutting down'), 503, '[+]definitions ok\n[-]gateway failed: Gateway is shutting down\ncheck failed\n'],
    ['/readyz?exclude=gateway', gateway(1, 'Gateway is shutting down'), 200, 'ok\n'],
    ['/nothing', gateway(1), 404, 'not found: this port answers /metrics, /livez, /readyz, /startupz and /version\n'],
  ])('%s', async (url, view, status, body) => {
    expect(await answerAdministration(url, view, '1.0.0')).toEqual({ status, contentType: 'text/plain; charset=utf-8', body });
  });

  it('/version tells versions as JSON', async () => {
    const answer = await answerAdministration('/version', gateway(1), '1.0.0');
    expect(JSON.parse(answer.body)).toMatchObject({ version: '1.0.0', node: process.versions.node });
  });

  it('/metrics shows what the threads counted', async () => {
    const answer = await answerAdministration('/metrics', gateway(1), '1.0.0');
    expect(answer.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toContain('tyk_http_status{api="birds",code="200"} 1\n');
    expect(answer.body).toContain('gatehouse_connections 3\n');
    expect(answer.body).toContain('gatehouse_build_info{version="1.0.0"');
  });
});
