// Attaching files and links to a card, naming and removing them: one transaction with an origin each, on the card's own document. No command reads a clock.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import type { PlainEntry } from '../document/plain-maps.ts';
import { markRemoved, unmarkRemoved } from '../document/removal.ts';
import { filesOf } from '../document/roots.ts';
import { storedAtomProps } from '../page/atom-props.ts';
import { asFileName, asWebAddress } from './card-files.ts';
import { newLine, placesAmong, rewrite, shownIn, type Doing } from './stored.ts';

export interface NewCardBlob {
  readonly name: string;
  readonly blob: string;
  readonly mime: string;
  readonly size: number;
  readonly pixels?: readonly [number, number] | null;
}
export interface NewCardWebLink {
  readonly name: string;
  readonly url: string;
}
export type NewCardFile = NewCardBlob | NewCardWebLink;

/** Behind what is attached already, in their order. Answers their ids. The document is a card's (openCardPage()). */
export function addCardFiles(
  doc: Y.Doc,
  files: readonly NewCardFile[],
  { by, at }: Doing,
  origin: unknown = null,
): readonly string[] {
  const made = files.map((file) => ({ id: randomId(), file, said: saidOf(file) }));
  doc.transact(() => {
    const root = filesOf(doc);
    const orders = placesAmong(root, shownIn(root), undefined, made.length);
    for (const [place, { id, file, said }] of made.entries()) {
      const stored = new Y.Map<unknown>();
      root.set(id, stored);
      stored.set('name', newLine(asFileName(file.name)));
      for (const [key, value] of Object.entries(said)) stored.set(key, value);
      stored.set('order', orders[place] ?? '');
      stored.set('by', by);
      stored.set('at', at);
    }
  }, origin);
  return made.map(({ id }) => id);
}

/** What a file or a link says of itself beside its name; throws `bad-input` for what is neither. */
export function saidOf(file: NewCardFile): PlainEntry {
  if ('url' in file) {
    const url = asWebAddress(file.url);
    if (url !== null) return { url };
  } else {
    const { name: _name, ...said } = storedAtomProps('image', { ...file });
    if (said['blob'] !== undefined) return said;
  }
  throw new AppError('bad-input', 'This is neither a file nor an address of the web. Nothing was attached.');
}

/** An empty name changes nothing. */
export function renameCardFile(doc: Y.Doc, id: string, name: string, origin: unknown = null): void {
  const line = asFileName(name);
  if (line !== '') doc.transact(() => rewrite(fileIn(doc, id), 'name', line), origin);
}

/** Its bytes stay where they are (AT5). */
export function removeCardFile(doc: Y.Doc, id: string, { by, at }: Doing, origin: unknown = null): void {
  doc.transact(() => markRemoved(fileIn(doc, id), at, by), origin);
}

/** Brings it back, or settles that it came back. */
export function restoreCardFile(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(fileIn(doc, id)), origin);
}

function fileIn(doc: Y.Doc, id: string): Y.Map<unknown> {
  const file = filesOf(doc).get(id);
  if (file instanceof Y.Map) return file as Y.Map<unknown>;
  throw new AppError('not-found', 'This file is not attached to the card. Nothing was changed.', { details: { id } });
}
