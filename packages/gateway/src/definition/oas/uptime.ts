import { durationSeconds } from './duration.ts';
import { flag, isOn, type JsonObject, object, objects, text } from './json.ts';
import { discoveryToClassic } from './upstream.ts';

/** `upstream.uptimeTests` → `uptime_tests`: tests, pause before a host that is down is tried again, life of the records. */
export function uptimeToClassic(extension: JsonObject): JsonObject {
  const block = object(object(extension['upstream'])['uptimeTests']);
  const config = {
    expire_utime_after: durationSeconds(block['logRetentionPeriod']),
    service_discovery: discoveryToClassic(object(block['serviceDiscovery'])),
    recheck_wait: durationSeconds(block['hostDownRetestPeriod']),
  };
  return { disabled: !isOn(block), check_list: objects(block['tests']).map(testToClassic), config };
}

function testToClassic(test: JsonObject): JsonObject {
  const { url, timeout, method, headers, body, commands, enableProxyProtocol } = test;
  return {
    url: text(url),
    timeout: text(timeout),
    method: text(method),
    headers: object(headers),
    body: text(body),
    enable_proxy_protocol: flag(enableProxyProtocol),
    commands: objects(commands).map((command) => ({ name: text(command['name']), message: text(command['message']) })),
  };
}
