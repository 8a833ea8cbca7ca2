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
  /** From where, and up to where, the structs of each update stand. */
  readonly #places: number[] = [];
  #deleted: DeleteSet | null = null;

  /** @param at where the update stands. False, and nothing is taken in, where it does not go on where the one before it ended. */
  add({ structs, deletes, from, to }: UpdateFacts, at: number): boolean {
    if (from === undefined || to === undefined || from >= to || structs.size !== 1) return false;
    for (const [client, list] of structs) {
      const [first] = list;
      if (!first || (this.#structs > 0 && (client !== this.#client || first.start !== this.#end))) return false;
      if (this.#structs === 0) [this.#client, this.#start] = [client, first.start];
      this.#end = list.at(-1)?.end ?? this.#end;
      this.#structs += list.length;
    }
    this.#places.push(at + from, at + to);
    this.#length += to - from;
    for (const [client, ranges] of deletes) (this.#deleted ??= new DeleteSet()).add(client, ranges);
    return true;
  }

  /** One update of those that were taken in. @param bytes in which they stand. */
  join(bytes: Uint8Array): Uint8Array {
    const deletions = this.#deleted?.encode() ?? NOTHING_DELETED;
    const head = 1 + varUintSize(this.#structs) + varUintSize(this.#client) + varUintSize(this.#start);
    const writer = new ByteWriter(head + this.#length + deletions.length)
      .varUint(1)
      .varUint(this.#structs)
      .varUint(this.#client)
      .varUint(this.#start);
    const places = this.#places;
    for (let at = 0; at < places.length; at += 2) writer.bytes(bytes.subarray(places[at], places[at + 1]));
    return writer.bytes(deletions).done();
  }
}
