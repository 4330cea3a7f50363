import { durationNanoseconds, wholeSeconds } from './duration.ts';
import { flag, isOn, type JsonObject, mapList, object, text } from './json.ts';
import { discoveryToClassic } from './upstream.ts';

/** `upstream.uptimeTests` → `uptime_tests`: tests, pause before a host that is down is tried again, life of the records. */
export function uptimeToClassic(extension: JsonObject): JsonObject {
  const block = object(object(extension['upstream'])['uptimeTests']);
  const config = {
    expire_utime_after: wholeSeconds(block['logRetentionPeriod']),
    service_discovery: discoveryToClassic(object(block['serviceDiscovery'])),
    recheck_wait: wholeSeconds(block['hostDownRetestPeriod']),
  };
  return { disabled: !isOn(block), check_list: mapList(block['tests'], testToClassic), config };
}

function testToClassic(test: JsonObject): JsonObject {
  const { url, timeout, method, headers, body, commands, enableProxyProtocol } = test;
  return {
    url: text(url),
    timeout: durationNanoseconds(timeout),
    method: text(method),
    headers: object(headers),
    body: text(body),
    enable_proxy_protocol: flag(enableProxyProtocol),
    commands: mapList(commands, (command) => ({ name: text(command['name']), message: text(command['message']) })),
  };
}
