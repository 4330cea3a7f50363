import { BlockList, isIP } from 'node:net';

/** A set of addresses and networks; an IPv4 address written as IPv6 (`::ffff:…`) is the same address. */
export class AddressSet {
  private readonly list = new BlockList();

  /** Entries that are no address and no network are left out. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.add(entry.trim());
  }

  private add(entry: string): void {
    const [text = '', bits] = entry.split('/');
    const mapped = unmapped(text);
    const family = isIP(mapped);
    if (family === 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return;
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) return this.list.addAddress(mapped, type);
    const length = Number(bits) - (mapped === text ? 0 : 96);
    if (length >= 0 && length <= (family === 6 ? 128 : 32)) this.list.addSubnet(mapped, length, type);
  }

  /** False for a text that is no address. */
  has(address: string): boolean {
    const plain = unmapped(address);
    const family = isIP(plain);
    return family !== 0 && this.list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  }
}

function unmapped(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
