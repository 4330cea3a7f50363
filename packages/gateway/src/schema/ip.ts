/** Whether a text is an IPv4 or IPv6 address: no zone, no leading zeros, an IPv4 tail allowed in IPv6 (RFC 4291 §2.2). */
export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** Whether a text is an address with a prefix length, such as `10.0.0.0/8` (RFC 4632 §3.1). */
export function isCidr(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) return false;
  const [address, length] = [text.slice(0, slash), text.slice(slash + 1)];
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length)) return false;
  return (isIpv4(address) && Number(length) <= 32) || (isIpv6(address) && Number(length) <= 128);
}

function isIpv4(text: string): boolean {
  const octets = text.split('.');
  return octets.length === 4 && octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255);
}

function isIpv6(text: string): boolean {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0 || !text.includes(':')) return false;
  const before = groupsOf(head, tail === undefined);
  const after = tail === undefined ? 0 : groupsOf(tail, true);
  return tail === undefined ? before === 8 : before + after <= 7;
}

/** How many 16-bit groups a colon-separated part has; out of range for one that is malformed. Only the last part may end in an IPv4 address. */
function groupsOf(part: string, last: boolean): number {
  if (part === '') return 0;
  const groups = part.split(':');
  const dotted = last && isIpv4(groups.at(-1) ?? '');
  const hex = dotted ? groups.slice(0, -1) : groups;
  return hex.every((group) => /^[\da-f]{1,4}$/i.test(group)) ? groups.length + (dotted ? 1 : 0) : Number.POSITIVE_INFINITY;
}
