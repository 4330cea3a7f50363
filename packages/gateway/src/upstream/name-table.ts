/**
 * Values by field name, whatever its case. Asked for every field of every message, so most names are told apart by their length and only
 * the others are looked up; spellings that came before are remembered, within bounds.
 */
export class NameTable<T> {
  private readonly byName: ReadonlyMap<string, T>;
  private readonly bySpelling: Map<string, T | undefined>;
  /** Bit n is set where a name of length n is in the table. */
  private readonly lengths: number;

  constructor(entries: readonly (readonly [name: string, value: T])[]) {
    this.byName = new Map(entries);
    this.bySpelling = new Map(entries);
    this.lengths = entries.reduce((bits, [name]) => bits | (1 << name.length), 0);
  }

  get(name: string): T | undefined {
    if (name.length > 31 || (this.lengths & (1 << name.length)) === 0) return undefined;
    const known = this.bySpelling.get(name);
    if (known !== undefined || this.bySpelling.has(name)) return known;
    const value = this.byName.get(name.toLowerCase());
    if (this.bySpelling.size < MOST_SPELLINGS) this.bySpelling.set(name, value);
    return value;
  }
}

const MOST_SPELLINGS = 2000;
