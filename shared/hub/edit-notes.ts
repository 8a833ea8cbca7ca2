// Who brought updates that wait for the disk, and when: a few numbers each, made into edits once they are written. It judges nothing.
import type { Author, Edit } from './edit-recorder.ts';
import type { UpdateLog } from './update-log.ts';

/** An object each would outlive the youngest garbage, tens of thousands at a time. */
export class EditNotes {
  readonly #authors: Author[] = [];
  readonly #times: number[] = [];
  /** Where each stands in the log. */
  readonly #places: number[] = [];
  /** Of those of which less is stored than came, as they came. */
  #wholes: Map<number, Uint8Array> | null = null;

  /** @param place in the log; null: only a part of it stands there, and it is copied here. */
  add({ author, at, update }: Edit, place: number | null): void {
    if (place === null) (this.#wholes ??= new Map()).set(this.#times.length, new Uint8Array(update));
    this.#authors.push(author);
    this.#times.push(at);
    this.#places.push(place ?? 0);
  }

  /** In the order in which they came. */
  edits(log: UpdateLog): readonly Edit[] {
    return this.#authors.map((author, index) => ({
      author,
      at: this.#times[index] ?? 0,
      update: this.#wholes?.get(index) ?? log.at(this.#places[index] ?? 0),
    }));
  }
}
