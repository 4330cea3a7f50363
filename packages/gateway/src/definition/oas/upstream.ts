import { durationSeconds } from './duration.ts';
import { flag, isOn, type JsonObject, mapEntries, mapList, number, object, text, textList, texts } from './json.ts';

/** `upstream` → the top-level Classic fields: certificates, pinned keys and the limit of the whole API (spec §4). */
export function upstreamToClassic(extension: JsonObject): JsonObject {
  const { mutualTLS, certificatePinning, rateLimit } = object(extension['upstream']);
  return {
    upstream_certificates_disabled: !isOn(mutualTLS),
    upstream_certificates: mapEntries(object(mutualTLS)['domainToCertificateMapping'], 'domain', ({ certificate }) => text(certificate)),
    certificate_pinning_disabled: !isOn(certificatePinning),
    pinned_public_keys: mapEntries(object(certificatePinning)['domainToPublicKeysMapping'], 'domain', ({ publicKeys }) => texts(publicKeys).join(',')),
    global_rate_limit: {
      disabled: !isOn(rateLimit),
      rate: number(object(rateLimit)['rate']),
      per: durationSeconds(object(rateLimit)['per']),
    },
  };
}

/** The part of `upstream` that Classic keeps in `proxy`. */
export function targetToClassic(extension: JsonObject): JsonObject {
  const { url, loadBalancing, preserveHostHeader, preserveTrailingSlash, serviceDiscovery, tlsTransport, proxy } = object(extension['upstream']);
  return {
    target_url: text(url),
    disable_strip_slash: isOn(preserveTrailingSlash),
    preserve_host_header: isOn(preserveHostHeader),
    enable_load_balancing: isOn(loadBalancing),
    target_list: targets(object(loadBalancing)),
    check_host_against_uptime_tests: flag(object(loadBalancing)['skipUnavailableHosts']),
    service_discovery: discoveryToClassic(object(serviceDiscovery)),
    transport: { ...transport(object(tlsTransport)), proxy_url: text(object(proxy)['url']) },
  };
}

/** Classic knows no weights: a target stands in the list as often as it weighs, a weight of zero drops it. */
function targets(block: JsonObject): readonly string[] | null {
  return mapList(block['targets'], (target) => Array<string>(weightOf(target)).fill(text(target['url'])))?.flat() ?? null;
}

/** Bounded, so that a slip of the keyboard cannot fill the memory with copies of one address. */
const weightOf = (target: JsonObject): number => Math.min(Math.max(Math.trunc(number(target['weight'])), 0), 10_000);

const TLS_VERSIONS: Readonly<Record<string, number>> = { '1.0': 769, '1.1': 770, '1.2': 771, '1.3': 772 };

function transport(block: JsonObject): JsonObject {
  const { insecureSkipVerify, ciphers, minVersion, maxVersion, forceCommonNameCheck } = block;
  return {
    ssl_insecure_skip_verify: flag(insecureSkipVerify),
    ssl_ciphers: textList(ciphers),
    ssl_min_version: TLS_VERSIONS[text(minVersion)] ?? 0,
    ssl_max_version: TLS_VERSIONS[text(maxVersion)] ?? 0,
    ssl_force_common_name_check: flag(forceCommonNameCheck),
  };
}

/** `serviceDiscovery`; the older `cacheTimeout` switches the cache on where `cache` is not there. */
export function discoveryToClassic(block: JsonObject): JsonObject {
  const { queryEndpoint, dataPath, useNestedQuery, parentDataPath, portDataPath, useTargetList, cache, cacheTimeout, targetPath } = block;
  const timeout = number(cache === undefined ? cacheTimeout : object(cache)['timeout']);
  return {
    use_discovery_service: isOn(block),
    query_endpoint: text(queryEndpoint),
    use_nested_query: flag(useNestedQuery),
    parent_data_path: text(parentDataPath),
    data_path: text(dataPath),
    port_data_path: text(portDataPath),
    target_path: text(targetPath),
    use_target_list: flag(useTargetList),
    cache_disabled: cache === undefined ? timeout <= 0 : !isOn(cache),
    cache_timeout: timeout,
    endpoint_returns_list: flag(block['endpointReturnsList']),
  };
}
