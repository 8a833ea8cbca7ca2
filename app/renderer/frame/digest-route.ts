// Where a thing of a digest opens: an overlap in its review, all else exactly where it is. Pure.
import type { ListedItem } from '../../contract/digest.ts';
import type { Route } from '../window/route.ts';
import { inboxRoute } from './inbox-route.ts';

export type OpenedItem = Pick<ListedItem, 'document' | 'place'> & Partial<Pick<ListedItem, 'section'>>;

export function digestRoute(workspace: string, item: OpenedItem): Route {
  if (item.section !== 'overlaps') return inboxRoute(workspace, item);
  return { at: 'overlaps', workspace, document: item.place.card ?? item.document };
}
