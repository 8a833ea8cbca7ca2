// Ends the building of a document that takes too long: the table of its structs, asked for each of them, refuses once time is up. The document is then good for nothing.
import type * as Y from 'yjs';

type Structs = (Y.Item | Y.GC)[];

/** Thrown out of the transaction that was under way. */
export class TimeUp extends Error {}

/**
 * Yjs looks for the place of what several clients put at one spot by walking past all that the others put there: the square of
 * their number, hours for what fits into one document, in one call that cannot be interrupted. Between two structs it asks this table.
 */
export class TimedStructs extends Map<number, Structs> {
  readonly #isTimeUp: () => boolean;

  constructor(isTimeUp: () => boolean) {
    super();
    this.#isTimeUp = isTimeUp;
  }

  override get(client: number): Structs | undefined {
    if (this.#isTimeUp()) throw new TimeUp('the time for merging is up');
    return super.get(client);
  }
}
