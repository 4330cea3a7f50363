import process from 'node:process';
import type { Gateway } from '../gateway.ts';
import { mergeSnapshots } from './merge-metrics.ts';
import type { MetricsSnapshot } from './metrics.ts';
import { PROMETHEUS_TYPE, type ProcessGauges, prometheusText } from './prometheus.ts';

export interface AdministrationAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What the administration port may know of the gateway. */
export type AdministrationView = Pick<Gateway, 'metrics' | 'loaded' | 'reloads' | 'readiness'>;

const TEXT = 'text/plain; charset=utf-8';

/**
 * Answers the administration port: `/metrics`, `/livez`, `/readyz`, `/startupz` and `/version`; `url` is a path with query. The checks take
 * `?verbose` and `?exclude=NAME` as Kubernetes' do; liveness never depends on anything but the process.
 */
export async function answerAdministration(url: string, gateway: AdministrationView, version: string): Promise<AdministrationAnswer> {
  const { pathname, searchParams } = new URL(url, 'http://admin');
  switch (pathname) {
    case '/livez':
      return health([{ name: 'process', failure: '' }], searchParams);
    case '/readyz':
      return health(readinessChecks(gateway), searchParams);
    case '/startupz':
      return health([loadedCheck(gateway)], searchParams);
    case '/metrics':
      return { status: 200, contentType: PROMETHEUS_TYPE, body: await metricsPage(gateway, version) };
    case '/version':
      return { status: 200, contentType: 'application/json', body: `${JSON.stringify(versionFacts(version))}\n` };
    default:
      return { status: 404, contentType: TEXT, body: 'not found: this port answers /metrics, /livez, /readyz, /startupz and /version\n' };
  }
}

interface Check {
  readonly name: string;
  /** `''` = passed. */
  readonly failure: string;
}

function loadedCheck(gateway: AdministrationView): Check {
  return { name: 'definitions', failure: gateway.reloads > 0 ? '' : 'not loaded yet' };
}

function readinessChecks(gateway: AdministrationView): Check[] {
  const { ready, reason } = gateway.readiness();
  return [loadedCheck(gateway), { name: 'gateway', failure: ready ? '' : reason }];
}

function health(checks: readonly Check[], query: URLSearchParams): AdministrationAnswer {
  const excluded = new Set(query.getAll('exclude'));
  const asked = checks.filter((check) => !excluded.has(check.name));
  const failed = asked.some((check) => check.failure !== '');
  const status = failed ? 503 : 200;
  if (!failed && !query.has('verbose')) return { status, contentType: TEXT, body: 'ok\n' };
  const lines = asked.map(({ name, failure }) => (failure === '' ? `[+]${name} ok\n` : `[-]${name} failed: ${failure}\n`));
  return { status, contentType: TEXT, body: `${lines.join('')}check ${failed ? 'failed' : 'passed'}\n` };
}

async function metricsPage(gateway: AdministrationView, version: string): Promise<string> {
  const snapshots = (await gateway.metrics()) as MetricsSnapshot[];
  return prometheusText(mergeSnapshots(snapshots), processGauges(gateway, version));
}

function processGauges(gateway: AdministrationView, version: string): ProcessGauges {
  const { apis, policies } = gateway.loaded();
  const byStatus = { active: 0, degraded: 0, disabled: 0 };
  for (const { status } of apis) byStatus[status]++;
  const { user, system } = process.cpuUsage();
  return {
    version,
    nodeVersion: process.versions.node,
    ready: gateway.readiness().ready,
    apis: byStatus,
    policies: policies.size,
    reloads: gateway.reloads,
    startedAt: Math.round(Date.now() / 1000 - process.uptime()),
    cpuSeconds: (user + system) / 1e6,
    residentMemory: process.memoryUsage.rss(),
  };
}

function versionFacts(version: string): Readonly<Record<string, string>> {
  return { version, node: process.versions.node, platform: `${process.platform}-${process.arch}` };
}
