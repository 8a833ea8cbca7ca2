// Where a notification leads, as the route of a window. Total: a place that says too little leads as far as it says.
import type { NoticePlace } from '../../contract/notify.ts';
import { parseRoute, type Route } from './route.ts';

/** @param place null: the inbox of the workspace that stands first. Null where there is none. */
export function routeOfPlace(place: NoticePlace | null, first: string | null): Route | null {
  if (place === null) return first === null ? null : parseRoute(`#/w/${first}/inbox`);
  if (place.to !== 'thing') return parseRoute(`#/w/${place.workspace}/${place.to}`);
  const { workspace, kind, place: part } = place;
  const isCard = kind === 'card' && part.board !== undefined;
  const document = isCard ? part.board : place.document;
  const block = isCard ? (part.card ?? place.document) : (part.post ?? part.block ?? part.comment);
  return { at: 'document', workspace, document: document ?? place.document, fresh: false, ...(block ? { block } : {}) };
}
