// Where a search result opens: exactly at the block, comment, post or card in which the words stand. Pure.
import type { SearchTarget } from '../../contract/search.ts';
import { cardPart, commentPart } from './part-of-document.ts';
import type { Route } from './route.ts';

/** @param kind of the thing that was found. */
export function foundRoute(
  workspace: string,
  kind: string,
  { document, card, block, comment, post }: SearchTarget,
): Route {
  if (kind === 'person') return { at: 'people', workspace, member: document };
  const part =
    card !== '' ? cardPart({ card, block, post }) : comment !== '' ? commentPart(comment) : post === '' ? block : post;
  return { at: 'document', workspace, document, fresh: false, ...(part === '' ? {} : { block: part }) };
}
