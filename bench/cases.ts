import { haproxy } from './targets/haproxy.ts';
import { fastify } from './targets/fastify.ts';
import { gatehouse } from './targets/gatehouse.ts';
import { nginx } from './targets/nginx.ts';
import type { Target, Variant } from './targets/target.ts';

/** One row of load: the same requests to every target, one target after the other. */
export interface LoadCase {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  readonly variant: Variant;
  readonly targets: readonly Target[];
  /** Case whose nginx is the measure of this one; default: this case's own nginx. */
  readonly against?: string;
  readonly connections?: number;
  readonly method?: string;
  readonly bodyBytes?: number;
}

const ALL = [nginx, haproxy, fastify, gatehouse];
const SMALL = '/bench/small';
const keyed = (id: string, title: string, variant: Variant, against = 'keyless'): LoadCase => ({
  id,
  title,
  path: SMALL,
  variant: { keyed: true, ...variant },
  targets: [gatehouse],
  against,
});
const keyless = (id: string, title: string, variant: Variant, connections = 64): LoadCase => ({
  ...keyed(id, title, { keyed: false, ...variant }),
  connections,
});

export const LOAD_CASES: readonly LoadCase[] = [
  { id: 'keyless', title: 'keyless, 280-byte answers', path: SMALL, variant: {}, targets: ALL },
  keyed('key', 'API key', {}),
  keyed('limits', 'API key, rate limit, quota', { limited: true }),
  keyed('analytics', 'API key, rate limit, quota, analytics', { limited: true, analytics: true }),
  { id: 'tls', title: 'keyless over TLS 1.3', path: SMALL, variant: { tls: true }, targets: ALL },
  keyed('tls-keyed', 'API key, rate limit, quota, analytics over TLS 1.3', { limited: true, analytics: true, tls: true }, 'tls'),
  { id: 'large', title: 'keyless, 64 KiB answers', path: '/bench/64k', variant: {}, targets: ALL },
  { id: 'upload', title: 'keyless, 1 MiB uploads', path: '/bench/upload/x', variant: {}, targets: ALL, method: 'POST', bodyBytes: 1_048_576, connections: 8 },
  keyless('apis', '10,000 APIs loaded', { apis: 10_000 }),
  { ...keyless('connections', '5,000 connections', {}, 5000), targets: [nginx, gatehouse], against: 'connections' },
  keyless('threads', 'two data threads (on both cores, which the load shares)', { threads: 2 }),
];
