// Where an entry of the inbox opens: exactly at the block, comment, post or card that it is about. Pure.
import type { InboxEntry } from '../../contract/inbox.ts';
import { cardPart, commentPart } from '../window/part-of-document.ts';
import type { Route } from '../window/route.ts';

export function inboxRoute(workspace: string, { document, place }: Pick<InboxEntry, 'document' | 'place'>): Route {
  const { board, card, block = '', comment, post = '' } = place;
  const at = { at: 'document', workspace, fresh: false } as const;
  if (board !== undefined) {
    const part = card === undefined ? '' : cardPart({ card, block, post: comment === undefined ? post : '' });
    return { ...at, document: board, ...(part === '' ? {} : { block: part }) };
  }
  const part = comment === undefined ? post || block : commentPart(comment);
  return { ...at, document, ...(part === '' ? {} : { block: part }) };
}
