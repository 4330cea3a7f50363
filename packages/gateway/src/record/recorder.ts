import type { RecordBatch } from '@gatehouse/store';
import type { GatewayConfig } from '../config/types.ts';
import type { Recorder } from './types.ts';

export interface ThreadRecorder extends Recorder {
  snapshot(connections: number): unknown;
}

export function createRecorder(_options: { config: GatewayConfig; deliver(batch: RecordBatch): void }): ThreadRecorder {
  return { finished: () => undefined, flush: () => undefined, snapshot: (connections) => ({ connections }) };
}
