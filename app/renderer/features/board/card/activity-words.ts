// What people did to a card, in words: from a change of one key to a sentence without its subject. Pure.
import type { CardChange } from '../../../../contract/board.ts';
import type { CardDate } from '../../../../../shared/model/board/field-value.ts';
import { readDate } from '../../../../../shared/model/board/field-value.ts';
import { dueWords } from '../../../documents/cards/due.ts';

/** Names for the ids that a change speaks of; '' where nothing is known. */
export interface ActivityNames {
  readonly column: (id: string) => string;
  readonly label: (id: string) => string;
  readonly member: (id: string) => string;
  readonly card: (id: string) => string;
  readonly page: (id: string) => string;
  readonly field: (id: string) => string;
  readonly item: (id: string) => string;
  readonly list: (id: string) => string;
  readonly now: number;
}

/** Null for what is not worth a line. */
export function activityWords({ part, key, value, before }: CardChange, names: ActivityNames): string | null {
  const id = key.slice(key.indexOf('/') + 1);
  const on = value !== null;
  const date = (one: string | number | null): string => {
    const read: CardDate | null = readDate(one);
    return read === null ? 'none' : dueWords(read, names.now);
  };
  switch (part) {
    case 'made':
      return 'made this card';
    case 'came':
      return `moved it here from ${names.page(String(value)) || 'a board that is not here'}`;
    case 'went':
      return `moved it to ${names.page(String(value)) || 'a board that is not here'}`;
    case 'title':
      return 'changed the title';
    case 'column': {
      const from = before === null ? '' : names.column(String(before));
      const to = names.column(String(value)) || 'a column that is gone';
      return from === '' ? `put it into ${to}` : `moved it from ${from} to ${to}`;
    }
    case 'due':
      return on ? `set the due date: ${date(value)}` : 'took the due date off';
    case 'start':
      return on ? `set the start: ${date(value)}` : 'took the start off';
    case 'completed':
      return on ? 'completed it' : 'reopened it';
    case 'priority':
      return on ? `set the priority: ${String(value)}` : 'took the priority off';
    case 'cover':
      return on ? 'set a cover' : 'took the cover off';
    case 'archivedAt':
      return on ? 'archived it' : 'took it out of the archive';
    case 'removed':
      return on ? 'deleted it' : 'restored it';
    case 'member':
      return `${on ? 'put' : 'took'} ${names.member(id) || 'somebody'} ${on ? 'on it' : 'off it'}`;
    case 'label':
      return `${on ? 'added' : 'removed'} the label ${names.label(id) || 'that is gone'}`;
    case 'list':
      return `${on ? 'added' : 'removed'} a checklist${quoted(names.list(id))}`;
    case 'item':
      return `${on ? 'added' : 'removed'} an item${quoted(names.item(id))}`;
    case 'checked':
      return `${on ? 'ticked' : 'unticked'} an item${quoted(names.item(id))}`;
    case 'field':
    case 'text':
      return `changed ${names.field(id.split('/')[0] ?? '') || 'a field that is gone'}`;
    case 'blocks':
    case 'blockedBy':
    case 'relates':
      return `${on ? 'linked it with' : 'took the link off to'} ${quoted(names.card(id)).trim() || 'another card'}`;
    case 'page':
      return `${on ? 'linked it with' : 'took the link off to'} ${quoted(names.page(id)).trim() || 'a page'}`;
    default:
      return null;
  }
}

function quoted(name: string): string {
  return name === '' ? '' : ` “${name}”`;
}
