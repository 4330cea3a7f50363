/** The distinct texts of one batch. Index 0 is the empty text. */
export class TextTable {
  private texts: string[] = [''];
  private indexes = new Map<string, number>([['', 0]]);
  /** Characters in all. */
  size = 0;
  /** Number of the batch that is being filled. */
  batch = 0;

  index(text: string): number {
    return this.indexes.get(text) ?? this.add(text);
  }

  private add(text: string): number {
    const index = this.texts.push(text) - 1;
    this.indexes.set(text, index);
    this.size += text.length;
    return index;
  }

  /** Gives the texts away and begins anew. */
  take(): string[] {
    const { texts } = this;
    this.texts = [''];
    this.indexes = new Map([['', 0]]);
    this.size = 0;
    this.batch++;
    return texts;
  }
}

/** The texts of one column, of which most are the same as the one before: comparing is cheaper than looking up. */
export class RepeatedText {
  private readonly texts: TextTable;
  private last = '';
  private lastIndex = 0;
  private batch = 0;

  constructor(texts: TextTable) {
    this.texts = texts;
  }

  index(text: string): number {
    if (text !== this.last || this.batch !== this.texts.batch) {
      this.last = text;
      this.lastIndex = this.texts.index(text);
      this.batch = this.texts.batch;
    }
    return this.lastIndex;
  }
}

interface Remembered {
  readonly text: string;
  batch: number;
  index: number;
}

/** Objects as texts of a batch: the text is made once per object, its index looked up once per object and batch. */
export class ObjectTexts<T extends object> {
  private readonly texts: TextTable;
  private readonly describe: (object: T) => string;
  private readonly known = new WeakMap<T, Remembered>();
  private last: T | undefined = undefined;
  private lastEntry: Remembered = { text: '', batch: -1, index: 0 };

  constructor(texts: TextTable, describe: (object: T) => string) {
    this.texts = texts;
    this.describe = describe;
  }

  index(object: T): number {
    if (object !== this.last) {
      this.lastEntry = this.known.get(object) ?? this.remember(object);
      this.last = object;
    }
    const entry = this.lastEntry;
    if (entry.batch !== this.texts.batch) {
      entry.batch = this.texts.batch;
      entry.index = this.texts.index(entry.text);
    }
    return entry.index;
  }

  private remember(object: T): Remembered {
    const entry = { text: this.describe(object), batch: -1, index: 0 };
    this.known.set(object, entry);
    return entry;
  }
}
