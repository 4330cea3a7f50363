import type { GatewayConfig } from '../../config/types.ts';
import type { BasicAuthData, Session } from '../../definition/session.ts';
import { hashWith, isHashFunction } from '../../identity/key-hash.ts';
import { bcrypt, LONGEST_PASSWORD } from './bcrypt.ts';

/** As Tyk, and the default of Go's library. */
const COST = 10;

/** A password as it is stored, by `basic_auth_hash_key_function`; bcrypt unless a digest is named there. */
export async function hashPassword(password: string, config: GatewayConfig): Promise<BasicAuthData> {
  const named = config.basic_auth_hash_key_function;
  if (isHashFunction(named)) return { password: hashWith(named, password), hash_type: named };
  return { password: await bcrypt(password, COST), hash_type: 'bcrypt' };
}

/** False for a password that `hashPassword` would refuse. */
export function fitsHash(password: string, config: GatewayConfig): boolean {
  return isHashFunction(config.basic_auth_hash_key_function) || Buffer.byteLength(password) <= LONGEST_PASSWORD;
}

/** What an update stores: the old password where the body has none, or the old hash itself, as a client got it from elsewhere. */
export async function updatedPassword(given: BasicAuthData, old: BasicAuthData, config: GatewayConfig): Promise<BasicAuthData> {
  if (given.password === '' || given.password === old.password) return old;
  return await hashPassword(given.password, config);
}

/** A session to be shown: no password leaves the gateway, not even its hash. */
export function withoutPassword(session: Session): Session {
  return { ...session, basic_auth_data: { ...session.basic_auth_data, password: '' } };
}
