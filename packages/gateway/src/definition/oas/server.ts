import { eventsToClassic } from './events.ts';
import { isOn, type JsonObject, list, number, object, text, textList } from './json.ts';

/** `server` without authentication → listening, domain, tags, client certificates, IP lists and events (spec §2). */
export function serverToClassic(extension: JsonObject): JsonObject {
  const server = object(extension['server']);
  const { slug, detailedActivityLogs, detailedTracing, batchProcessing, protocol, port, eventHandlers } = server;
  return {
    slug: text(slug),
    ...customDomain(object(server['customDomain'])),
    ...gatewayTags(object(server['gatewayTags'])),
    ...clientCertificates(object(server['clientCertificates'])),
    ...ipAccessControl(object(server['ipAccessControl'])),
    enable_detailed_recording: isOn(detailedActivityLogs),
    detailed_tracing: isOn(detailedTracing),
    enable_batch_request_support: isOn(batchProcessing),
    protocol: text(protocol),
    listen_port: number(port),
    event_handlers: { events: eventsToClassic(list(eventHandlers)) },
  };
}

/** The part of `server` that Classic keeps in `proxy`. */
export function listenPathToClassic(extension: JsonObject): JsonObject {
  const { value, strip } = object(object(extension['server'])['listenPath']);
  return { listen_path: text(value), strip_listen_path: strip === true };
}

function customDomain(block: JsonObject): JsonObject {
  return { domain: text(block['name']), domain_disabled: !isOn(block), certificates: textList(block['certificates']) };
}

function gatewayTags(block: JsonObject): JsonObject {
  return { tags: textList(block['tags']), tags_disabled: !isOn(block) };
}

function clientCertificates(block: JsonObject): JsonObject {
  return { use_mutual_tls_auth: isOn(block), client_certificates: textList(block['allowlist']) };
}

function ipAccessControl(block: JsonObject): JsonObject {
  const allowed = textList(block['allow']);
  const blocked = textList(block['block']);
  return {
    ip_access_control_disabled: !isOn(block),
    enable_ip_whitelisting: isOn(block) && allowed !== null && allowed.length > 0,
    allowed_ips: allowed,
    enable_ip_blacklisting: isOn(block) && blocked !== null && blocked.length > 0,
    blacklisted_ips: blocked,
  };
}
