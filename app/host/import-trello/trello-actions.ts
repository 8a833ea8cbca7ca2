// The log of a Trello export: comments by card, who made which card and when, and names of people who have left the board. Total.
import type { Leftovers } from './left-behind.ts';
import { at, idAt, rawsAt, textAt, timeAt, type Raw } from './raw-export.ts';
import type { PlannedComment } from './trello-plan.ts';

export interface TrelloLog {
  /** By card, oldest first. */
  readonly comments: ReadonlyMap<string, readonly PlannedComment[]>;
  readonly made: ReadonlyMap<string, { readonly by: string | null; readonly at: number | null }>;
  /** What entries say of their authors, by id. */
  readonly authors: ReadonlyMap<string, Raw>;
}

const COMMENTS: ReadonlySet<unknown> = new Set(['commentCard', 'copyCommentCard']);
const MAKING: ReadonlySet<unknown> = new Set(['createCard', 'copyCard', 'emailCard', 'convertToCardFromCheckItem']);

export function readActions(board: Raw, cards: ReadonlySet<string>, left: Leftovers): TrelloLog {
  const comments = new Map<string, PlannedComment[]>();
  const made = new Map<string, { by: string | null; at: number | null }>();
  const authors = new Map<string, Raw>();
  const seen = new Set<string>();
  for (const action of rawsAt(board, 'actions', left)) {
    const id = idAt(action, 'id');
    if (id !== null && seen.has(id)) {
      left.add('doubled', textAt(action, 'type'));
      continue;
    }
    if (id !== null) seen.add(id);
    const by = idAt(action, 'idMemberCreator') ?? idAt(at(action, 'memberCreator'), 'id');
    const creator = at(action, 'memberCreator');
    if (by !== null && typeof creator === 'object' && creator !== null && !authors.has(by))
      authors.set(by, creator as Raw);
    const data = at(action, 'data');
    const card = idAt(at(data, 'card'), 'id') ?? idAt(data, 'idCard');
    const type = at(action, 'type');
    if (COMMENTS.has(type)) {
      const text = textAt(data, 'text');
      if (card === null || !cards.has(card)) left.add('comment-without-card', text);
      else if (text.trim() !== '') {
        const list = comments.get(card) ?? [];
        comments.set(card, list);
        list.push({ author: by, at: timeAt(action, 'date', left, text) ?? 0, text });
      }
    } else {
      left.add('activity', typeof type === 'string' ? type : '');
      if (MAKING.has(type) && card !== null && !made.has(card)) {
        made.set(card, { by, at: timeAt(action, 'date', left, textAt(at(data, 'card'), 'name')) });
      }
    }
  }
  // The export begins with the newest; of equal times the one that stands further down is the older one.
  for (const list of comments.values()) list.reverse().sort((a, b) => a.at - b.at);
  return { comments, made, authors };
}
