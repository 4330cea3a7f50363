import type { UpstreamPlan, UpstreamTarget } from '../contract/compiled.ts';
import type { ClassicApi, ClassicVersion } from '../definition/index.ts';
import { ProblemError } from '../schema/problem.ts';
import { type TargetTls, parseTargetUrl } from './target.ts';

export interface PlanSettings {
  readonly tls: TargetTls;
  /** Scheme for list entries that have none (`http` unless the API speaks another protocol). */
  readonly defaultScheme: string;
  readonly turn: UpstreamPlan['turn'];
}

/**
 * Targets of one version. Throws a ProblemError where a URL cannot be parsed: the API is not loaded then. An empty or unknown scheme gives
 * a plan without targets, whose requests all fail (spec/gateway/request-chain.md §2).
 */
export function upstreamPlan(api: ClassicApi, version: ClassicVersion, settings: PlanSettings): UpstreamPlan {
  const { proxy } = api;
  const balanced = proxy.enable_load_balancing;
  const override = api.version_data.not_versioned ? '' : version.override_target;
  const urls = balanced ? (proxy.target_list ?? []) : [override || proxy.target_url];
  return {
    targets: urls.flatMap((url, i) => targetOf(url, balanced ? `/proxy/target_list/${i}` : '/proxy/target_url', balanced, settings)),
    balanced,
    turn: settings.turn,
    external: externalTargets(settings.tls),
    preserveHost: proxy.preserve_host_header,
    keepSlash: proxy.disable_strip_slash,
    stripListenPath: proxy.strip_listen_path,
  };
}

function targetOf(url: string, path: string, balanced: boolean, settings: PlanSettings): UpstreamTarget[] {
  const full = balanced && !url.includes('://') ? `${settings.defaultScheme}://${url}` : url;
  const target = parseTargetUrl(full, settings.tls);
  if (target === 'unparsable') {
    throw new ProblemError({ code: 'upstream.bad_url', path, message: `"${url}" is not a URL`, hint: 'write it as http://host:port/path' });
  }
  return target === 'unusable' ? [] : [target];
}

/** Targets that rewrites lead to, remembered by URL: an operator writes few of them. */
function externalTargets(tls: TargetTls): UpstreamPlan['external'] {
  const known = new Map<string, UpstreamTarget | undefined>();
  return (url) => {
    if (known.has(url)) return known.get(url);
    const parsed = parseTargetUrl(url, tls);
    const target = typeof parsed === 'string' ? undefined : parsed;
    if (known.size < 1000) known.set(url, target);
    return target;
  };
}
