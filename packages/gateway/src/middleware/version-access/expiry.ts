/** Unix milliseconds of `2006-01-02 15:04` in UTC. Undefined: never. 0, and so passed, for a date that cannot be read. */
export function parseExpiry(text: string): number | undefined {
  if (text === '') return undefined;
  const match = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})$/.exec(text);
  if (match === null) return 0;
  const iso = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:00.000Z`;
  const time = Date.parse(iso);
  // Dates that the calendar does not have roll over in JavaScript; they are unreadable here.
  return Number.isNaN(time) || new Date(time).toISOString() !== iso ? 0 : time;
}

/** RFC 1123 with the zone's name, as Go prints UTC. */
export function formatExpiry(time: number): string {
  return new Date(time).toUTCString().replace('GMT', 'UTC');
}
