/** The distinct texts of one batch. Index 0 is the empty text. */
export class TextTable {
  private texts: string[] = [''];
  private indexes = new Map<string, number>([['', 0]]);
  /** Characters in all. */
  size = 0;

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
    return texts;
  }
}

interface Remembered {
  readonly text: string;
  batch: number;
  index: number;
}

/** Objects as texts of a batch: the text is made once per object, its index looked up once per object and batch. */
export class ObjectTexts<T extends object> {
  private readonly known = new WeakMap<T, Remembered>();
  private readonly describe: (object: T) => string;

  constructor(describe: (object: T) => string) {
    this.describe = describe;
  }

  index(object: T, batch: number, texts: TextTable): number {
    let entry = this.known.get(object);
    if (entry === undefined) {
      entry = { text: this.describe(object), batch: -1, index: 0 };
      this.known.set(object, entry);
    }
    if (entry.batch !== batch) {
      entry.batch = batch;
      entry.index = texts.index(entry.text);
    }
    return entry.index;
  }
}
