import type { GatewayConfig } from '../config/types.ts';
import type { EffectiveIdentity } from '../contract/identity.ts';

/** Hash of no key at all, whatever the hash function. */
export const HASH_OF_NOTHING = '00000000';

/** `****` and the last four characters; `--` for four characters or fewer. */
export function obfuscateKey(key: string): string {
  return key.length > 4 ? `****${key.slice(-4)}` : '--';
}

/** How a refusal's line names the key that was refused: plain with `enable_key_logging`, else the last four characters, also where keys are hashed. */
export function refusedKeyShower(config: Pick<GatewayConfig, 'enable_key_logging'>): (identity: EffectiveIdentity) => string {
  return config.enable_key_logging ? (identity) => identity.token : (identity) => obfuscateKey(identity.token);
}

/** How keys are written into access logs: hash where keys are hashed, plain with `enable_key_logging`, else the last four characters. */
export function keyShower(config: Pick<GatewayConfig, 'hash_keys' | 'enable_key_logging'>): (identity: EffectiveIdentity | undefined) => string {
  if (config.hash_keys) return (identity) => identity?.shownKey ?? HASH_OF_NOTHING;
  if (config.enable_key_logging) return (identity) => identity?.token ?? '';
  return (identity) => (identity ? obfuscateKey(identity.token) : '--');
}
