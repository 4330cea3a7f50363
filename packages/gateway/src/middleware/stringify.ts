import { escapeQuery } from '../routing/query.ts';

/**
 * A value of a key's metadata as text (spec/gateway/transforms-and-plugins.md §1): numbers in decimal, lists joined by commas with their
 * members query-escaped; booleans, objects and null are empty.
 */
export function stringify(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return '';
  return value
    .filter((member) => typeof member === 'string' || typeof member === 'number')
    .map((member) => escapeQuery(String(member)))
    .join(',');
}
