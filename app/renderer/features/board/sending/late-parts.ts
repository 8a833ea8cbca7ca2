// What was written in a card on a board that it had left, in words for a notice. Pure.
import type { Elsewhere } from '../../../../../shared/model/board/read.ts';

export interface PartNames {
  readonly column: (id: string) => string;
  readonly field: (id: string) => string;
  readonly label: (id: string) => string;
}

const MOST = 4;

/** '' where nothing of it says anything to people. */
export function lateWords({ card, late }: Elsewhere, names: PartNames): string {
  const items = new Map(card.checklists.flatMap((list) => list.items).map((item) => [item.id, item.text]));
  const lists = new Map(card.checklists.map((list) => [list.id, list.name]));
  const said = new Set<string>();
  for (const key of late) {
    const [part = '', id = ''] = key.split('/');
    const words = wordsOf(part, id);
    if (words !== '') said.add(words);
  }
  const all = [...said];
  return all.slice(0, MOST).join(', ') + (all.length > MOST ? ` and ${all.length - MOST} more` : '');

  function wordsOf(part: string, id: string): string {
    switch (part) {
      case 'title':
        return `the title “${card.title || 'Untitled'}”`;
      case 'column':
        return `it was moved to ${names.column(card.column ?? '') || 'another column'}`;
      case 'start':
      case 'due':
        return part === 'due' ? 'when it is due' : 'when it starts';
      case 'completed':
        return 'it was completed';
      case 'priority':
        return 'its priority';
      case 'cover':
        return 'its cover';
      case 'archivedAt':
        return 'it was archived';
      case 'removed':
        return 'it was deleted';
      case 'member':
        return 'its people';
      case 'label':
        return `the label ${names.label(id) || 'without a name'}`;
      case 'list':
        return `the checklist “${lists.get(id) || 'without a name'}”`;
      case 'item':
        return `the item “${items.get(id) ?? ''}”`;
      case 'field':
      case 'text':
        return names.field(id) || 'a field';
      case 'blocks':
      case 'blockedBy':
      case 'relates':
      case 'page':
        return 'its links';
      default:
        return '';
    }
  }
}
