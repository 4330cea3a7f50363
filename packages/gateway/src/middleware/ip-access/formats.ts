import type { ClassicApi } from '../../definition/classic/types.ts';
import type { IpAccessConfig } from './schema.ts';

/** A list counts when it is not empty; `ip_access_control_disabled` switches off only a list without its own flag. OAS sets all of them. */
export function allowedFromClassic(api: ClassicApi): IpAccessConfig | undefined {
  return listOf(api.allowed_ips, api.enable_ip_whitelisting || !api.ip_access_control_disabled);
}

export function blockedFromClassic(api: ClassicApi): IpAccessConfig | undefined {
  return listOf(api.blacklisted_ips, api.enable_ip_blacklisting || !api.ip_access_control_disabled);
}

function listOf(addresses: readonly string[] | null, counts: boolean): IpAccessConfig | undefined {
  return counts && addresses !== null && addresses.length > 0 ? { addresses } : undefined;
}
