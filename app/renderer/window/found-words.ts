// What is said of a search result beside its title: where it is, and what became of it. Words alone.
import type { SearchHit } from '../../contract/search.ts';
import type { DocEntry } from '../../contract/entities.ts';
import { ancestors } from './ancestors.ts';

interface Around {
  readonly documents: ReadonlyMap<string, DocEntry>;
  readonly spaceName: (space: string) => string;
}

/** The space and what stands above it; of a card its board, of a file what shows it. */
export function placeOfFound(
  hit: Pick<SearchHit, 'kind' | 'space' | 'open'>,
  { documents, spaceName }: Around,
): string {
  if (hit.kind === 'person') return '';
  const entry = documents.get(hit.open.document);
  const above = entry ? ancestors(documents, entry).map(({ title }) => title || 'Untitled') : [];
  const own = hit.kind === 'card' || hit.kind === 'file' ? [entry?.title || 'Untitled'] : [];
  return [spaceName(hit.space), ...above, ...own].filter(Boolean).join(' / ');
}

export function stateOfFound({ kind, settled, archived }: Pick<SearchHit, 'kind' | 'settled' | 'archived'>): string {
  const state = kind === 'card' ? (settled ? 'Done' : '') : settled === null ? '' : settled ? 'Answered' : 'Unanswered';
  return [state, archived ? 'Archived' : ''].filter(Boolean).join(' · ');
}
