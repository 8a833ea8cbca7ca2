// A document as an export is asked for it: of a board the rooms of what its cards hold come along. It reads none.
import type { DocEntry } from '../contract/entities.ts';
import type { HostParts } from './call-handlers.ts';

export interface ExportedEntry extends DocEntry {
  readonly cards?: readonly string[];
}

export function withCards(host: Pick<HostParts, 'catalogue'>, entry: DocEntry): ExportedEntry {
  if (entry.kind !== 'board') return entry;
  return { ...entry, cards: host.catalogue.cardsOf(entry).map(({ room }) => room) };
}
