import type { Middleware } from '../contract/step.ts';
import type { Uses } from './later.ts';

export interface Later {
  readonly part: number;
  readonly uses: Uses;
  readonly effect: 'disable' | 'degrade';
}
export interface Traffic {
  readonly http: boolean;
  readonly webSocket: boolean;
  readonly graphql: boolean;
  readonly grpc: boolean;
  readonly loop: boolean;
}
export interface ChainRow extends Traffic {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly why: string;
  readonly use?: Middleware<unknown>;
  readonly later?: Later;
}
export const chainRows: readonly ChainRow[] = [];
export const responseRows: readonly ChainRow[] = [];
