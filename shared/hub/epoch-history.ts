// Which epochs a store has lived through, and where each began; pure, it stores nothing itself.

/** One start of a store. `began` names only the spaces whose number differs from the one at the start before. */
export interface EpochRecord {
  readonly epoch: string;
  /** `<workspace>/<space>` to the number of its newest change when the epoch began. */
  readonly began: Readonly<Record<string, number>>;
}

/** Answers whether a cursor still means the same; rules EP1 to EP3 of docs/storage.md. */
export class EpochHistory {
  readonly #order = new Map<string, number>();
  readonly #began = new Map<string, { index: number; number: number }[]>();

  constructor(records: readonly EpochRecord[] = []) {
    for (const record of records) this.add(record);
  }

  get length(): number {
    return this.#order.size;
  }

  add(record: EpochRecord): void {
    const index = this.#order.size;
    this.#order.set(record.epoch, index);
    for (const [space, number] of Object.entries(record.began)) {
      const list = this.#began.get(space);
      if (list) list.push({ index, number });
      else this.#began.set(space, [{ index, number }]);
    }
  }

  /** The record of a new epoch, given where all spaces stand now. */
  next(epoch: string, numbers: Iterable<readonly [space: string, number: number]>): EpochRecord {
    const began: Record<string, number> = {};
    for (const [space, number] of numbers) {
      if ((this.#began.get(space)?.at(-1)?.number ?? 0) !== number) began[space] = number;
    }
    return { epoch, began };
  }

  /** @param head the newest number of the space now: the end of the epoch that still runs. */
  knows(epoch: string, space: string, number: number, head: number): boolean {
    const index = this.#order.get(epoch);
    if (index === undefined || number < 0) return false;
    if (index === this.#order.size - 1) return number <= head;
    return number <= this.#at(space, index + 1);
  }

  /** Where `space` stood when the epoch at `index` began. */
  #at(space: string, index: number): number {
    const list = this.#began.get(space) ?? [];
    for (let i = list.length - 1; i >= 0; i -= 1) {
      const entry = list[i];
      if (entry && entry.index <= index) return entry.number;
    }
    return 0;
  }
}
