// How many words each session brought to a room and took from it, counted in one walk over its past. It reads no store.
import * as Y from 'yjs';
import { countWords } from '../../shared/hub/history/typed-text.ts';
import type { RoomPast } from '../../shared/hub/history/room-past.ts';

export interface SessionWords {
  readonly added: number;
  readonly removed: number;
}

/** By the place of the session. What a session brought and took away itself counts nowhere. */
export function wordsOfSessions(past: RoomPast, sessions: number): readonly SessionWords[] {
  const added: string[][] = Array.from({ length: sessions }, () => []);
  const removed: string[][] = Array.from({ length: sessions }, () => []);
  for (const text of textsOf(past.all)) {
    let [into, out] = [new Run(added), new Run(removed)];
    for (let item = text._start; item !== null; item = item.right) {
      if (!(item.content instanceof Y.ContentString)) {
        // A marker, or another thing: a word does not go over it.
        if (item.countable && !(item.content instanceof Y.ContentDeleted))
          [into, out] = [new Run(added), new Run(removed)];
        continue;
      }
      const { client, clock } = item.id;
      for (const { start, end, by } of past.brought.within(client, clock, clock + item.length)) {
        const str = item.content.str;
        if (!item.deleted) {
          into.add(by, str.slice(start - clock, end - clock));
          out.add(-1, '');
          continue;
        }
        for (const gone of past.deleted.within(client, start, end)) {
          const piece = str.slice(gone.start - clock, gone.end - clock);
          into.add(gone.by === by ? -1 : by, piece);
          out.add(gone.by === by ? -1 : gone.by, piece);
        }
      }
    }
  }
  return added.map((pieces, at) => ({ added: countWords(pieces), removed: countWords(removed[at] ?? []) }));
}

/** Pieces of one session that follow on one another are one piece: a word may come letter by letter. */
class Run {
  readonly #pieces: readonly string[][];
  #by = -1;

  constructor(pieces: readonly string[][]) {
    this.#pieces = pieces;
  }

  add(by: number, text: string): void {
    const pieces = this.#pieces[by];
    if (pieces && text !== '') {
      if (by === this.#by) pieces[pieces.length - 1] += text;
      else pieces.push(text);
    }
    this.#by = by;
  }
}

/** Every text of the document, also inside what was deleted. */
function* textsOf(doc: Y.Doc): Iterable<Y.Text> {
  for (const name of ['title', 'body']) yield doc.getText(name);
  for (const structs of doc.store.clients.values()) {
    for (const struct of structs) {
      if (
        struct instanceof Y.Item &&
        struct.content instanceof Y.ContentType &&
        struct.content.type instanceof Y.Text
      ) {
        yield struct.content.type;
      }
    }
  }
}
