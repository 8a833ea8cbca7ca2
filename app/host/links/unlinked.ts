// Where a document's title or another name of it stands in other documents without being a link. It reads few documents: signatures say which.
import { foldTitle, foldWords, occurrences } from '../../../shared/model/links/words.ts';
import { lineAround, type FreeText, type LinePart } from '../../../shared/model/links/references.ts';
import type { DocEntry } from '../../contract/entities.ts';
import { Breath } from '../breath.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { referencesOf } from './document-links.ts';
import { lookFor, mayHold } from './word-signature.ts';

/** An occurrence in the text of a block, as it was read. */
export interface UnlinkedPassage {
  readonly block: string;
  readonly from: number;
  readonly to: number;
  /** The words as they stand there. */
  readonly words: string;
  readonly line: readonly LinePart[];
}

export interface UnlinkedIn {
  readonly document: string;
  readonly passages: readonly UnlinkedPassage[];
}

export interface Unlinked {
  readonly documents: readonly UnlinkedIn[];
  /** False: there may be more in documents that were not looked into. */
  readonly complete: boolean;
}

interface Question {
  /** The title and the other names. */
  readonly names: readonly string[];
  /** Documents to look into, those first that matter most. */
  readonly among: Iterable<DocEntry>;
  readonly signatures: ReadonlyMap<string, Uint8Array | null>;
  readonly documents: Pick<RoomDocuments, 'readStored'>;
}

/** A title of one letter stands everywhere. */
const SHORTEST_NAME = 2;
/** Documents that are read for one question. */
const MOST_READ = 400;
const MOST_FOUND = 50;
const MOST_PASSAGES = 20;

export async function findUnlinked({ names, among, signatures, documents }: Question): Promise<Unlinked> {
  const titles = [...new Set(names.map(foldTitle))].filter((title) => [...title].length >= SHORTEST_NAME);
  // Of two names at one place the longer one is meant.
  titles.sort((a, b) => b.length - a.length);
  const found: UnlinkedIn[] = [];
  if (titles.length === 0) return { documents: found, complete: true };
  const wanted = titles.map(lookFor);
  let read = 0;
  const breath = new Breath();
  for (const { id, room } of among) {
    const signature = signatures.get(room);
    if (!signature || !wanted.some((words) => mayHold(signature, words))) continue;
    if (read === MOST_READ || found.length === MOST_FOUND) return { documents: found, complete: false };
    read += 1;
    const passages = await documents
      .readStored(room, (doc) => passagesIn(referencesOf(doc)?.free ?? [], titles))
      .catch(
        () => [], // A damaged document is told of where documents are opened.
      );
    if (passages.length > 0) found.push({ document: id, passages });
    if (breath.isDue) await breath.take();
  }
  return { documents: found, complete: true };
}

function passagesIn(free: readonly FreeText[], titles: readonly string[]): UnlinkedPassage[] {
  const passages: UnlinkedPassage[] = [];
  for (const { block, text, content } of free) {
    const folded = foldWords(text);
    const taken: { readonly from: number; readonly to: number }[] = [];
    for (const title of titles) {
      for (const { from, to } of occurrences(title, folded)) {
        if (taken.some((other) => from < other.to && other.from < to)) continue;
        taken.push({ from, to });
      }
    }
    taken.sort((a, b) => a.from - b.from);
    for (const { from, to } of taken) {
      if (passages.length === MOST_PASSAGES) return passages;
      const line = lineAround(content, from, to);
      passages.push({ block, from, to, words: text.slice(from, to), line });
    }
  }
  return passages;
}
