import type { GatewayConfig } from '../config/types.ts';
import { compileRegex } from '../schema/regex.ts';

type Settings = GatewayConfig['analytics_config']['normalise_urls'];

const UUID = /[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}/g;
const ULID = /[0-7][0-9A-HJKMNP-TV-Z]{25}/gi;
const NUMBER = /\/\d+/g;

/**
 * Path → path with placeholders for identifiers (spec/gateway/analytics-and-observability.md §3); undefined where it is off. Patterns are
 * not anchored; own patterns that do not compile are left out.
 */
export function pathNormaliser(settings: Settings): ((path: string) => string) | undefined {
  const rules = settings.enabled ? rulesOf(settings) : [];
  if (rules.length === 0) return undefined;
  return (path) => rules.reduce((text, [pattern, placeholder]) => text.replace(pattern, placeholder), path);
}

function rulesOf(settings: Settings): (readonly [RegExp, string])[] {
  const rules: (readonly [RegExp, string])[] = [];
  if (settings.normalise_uuids) rules.push([UUID, '{uuid}']);
  if (settings.normalise_ulids) rules.push([ULID, '{ulid}']);
  if (settings.normalise_numbers) rules.push([NUMBER, '/{id}']);
  for (const source of settings.custom_patterns) {
    const pattern = globalRegex(source);
    if (pattern) rules.push([pattern, '{var}']);
  }
  return rules;
}

function globalRegex(source: string): RegExp | undefined {
  try {
    const pattern = compileRegex(source);
    return new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`);
  } catch {
    return undefined;
  }
}
