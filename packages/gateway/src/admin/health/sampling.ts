import type { GatewayConfig } from '../../config/types.ts';
import type { Log } from '../../contract/site.ts';
import { mergeSnapshots } from '../../record/merge-metrics.ts';
import type { MetricsSnapshot } from '../../record/metrics.ts';
import type { ApiTraffic } from '../context.ts';
import { TrafficMeter } from './meter.ts';

export interface TrafficSampling {
  of(apiId: string): ApiTraffic;
  stop(): void;
}

/** Samples that a window is made of, at most: a long one is sampled less often, so that it takes no more memory. */
const SAMPLES = 60;

/** Reads the counters of the data threads every second or so, where `health_check.enable_health_checks` is on; undefined where not. */
export function sampleTraffic(config: GatewayConfig['health_check'], metrics: () => Promise<unknown[]>, log: Log): TrafficSampling | undefined {
  if (!config.enable_health_checks) return undefined;
  const seconds = config.health_check_value_timeouts || SAMPLES;
  const meter = new TrafficMeter(seconds);
  let asking = false;
  const sample = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      meter.sample(mergeSnapshots((await metrics()) as MetricsSnapshot[]), Date.now());
    } catch (error) {
      log('error', 'the counters of the data threads could not be read', { error: error instanceof Error ? error.message : String(error) });
    }
    asking = false;
  };
  const timer = setInterval(() => void sample(), Math.max(1, seconds / SAMPLES) * 1000).unref();
  return { of: (apiId) => meter.of(apiId), stop: () => clearInterval(timer) };
}
