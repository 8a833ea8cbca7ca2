// Where a notification leads, as the route of a window. Total: a place that says too little leads as far as it says.
import type { NoticePlace } from '../../contract/notify.ts';
import { cardPart, commentPart } from './part-of-document.ts';
import { parseRoute, type Route } from './route.ts';

/** @param place null: the inbox of the workspace that stands first. Null where there is none. */
export function routeOfPlace(place: NoticePlace | null, first: string | null): Route | null {
  if (place === null) return first === null ? null : parseRoute(`#/w/${first}/inbox`);
  if (place.to !== 'thing') return parseRoute(`#/w/${place.workspace}/${place.to}`);
  const { workspace, kind, place: at } = place;
  const board = kind === 'card' ? at.board : undefined;
  const document = board ?? place.document;
  const comment = at.comment === undefined ? at.post : commentPart(at.comment);
  const block =
    board === undefined
      ? (at.block ?? comment)
      : cardPart({ card: at.card ?? place.document, block: at.block ?? '', post: at.post ?? '' });
  return { at: 'document', workspace, document, fresh: false, ...(block ? { block } : {}) };
}
