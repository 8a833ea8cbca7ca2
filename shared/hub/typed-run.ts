// What one client typed in a row, as its updates come: where their structs stand, so that they are written as one unread. It holds no bytes.
import { ByteWriter, varUintSize } from '../protocol/byte-writer.ts';
import { DeleteSet } from './delete-set.ts';
import type { UpdateFacts } from './struct-facts.ts';

const NOTHING_DELETED = new Uint8Array(1);

/** Writing structs behind each other is enough, because none of the first format refers to its place (see join-updates.ts). */
export class TypedRun {
  #client = -1;
  #start = 0;
  #end = -1;
  #structs = 0;
  #length = 0;
  /** From where, and up to where, the structs of each update stand in it. */
  readonly #places: number[] = [];
  #deleted: DeleteSet | null = null;

  /** False, and nothing is taken in, where it does not go on where the one before it ended. */
  add({ structs, deletes, from, to }: UpdateFacts): boolean {
    if (from === undefined || to === undefined || structs.size !== 1) return false;
    for (const [client, list] of structs) {
      const [first] = list;
      if (!first || (this.#structs > 0 && (client !== this.#client || first.start !== this.#end))) return false;
      if (this.#structs === 0) [this.#client, this.#start] = [client, first.start];
      this.#end = list.at(-1)?.end ?? this.#end;
      this.#structs += list.length;
    }
    this.#places.push(from, to);
    this.#length += to - from;
    for (const [client, ranges] of deletes) (this.#deleted ??= new DeleteSet()).add(client, ranges);
    return true;
  }

  /** One update of those that were taken in, given in their order. */
  join(updates: readonly Uint8Array[]): Uint8Array {
    const deletions = this.#deleted?.encode() ?? NOTHING_DELETED;
    const head = 1 + varUintSize(this.#structs) + varUintSize(this.#client) + varUintSize(this.#start);
    const writer = new ByteWriter(head + this.#length + deletions.length)
      .varUint(1)
      .varUint(this.#structs)
      .varUint(this.#client)
      .varUint(this.#start);
    const places = this.#places;
    for (const [at, update] of updates.entries()) writer.bytes(update.subarray(places[2 * at], places[2 * at + 1]));
    return writer.bytes(deletions).done();
  }
}
