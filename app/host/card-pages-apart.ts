// The own documents of cards that go to another board (docs/documents.md, GO2): within a space they are told of their new board, into another one their bytes go as those of documents do. Who may is not decided here.
import { AppError } from '../../shared/base/app-error.ts';
import { openCardPage } from '../../shared/model/board/card-page.ts';
import type { Doing } from '../../shared/model/board/stored.ts';
import { arriveInSpace, leaveSpace, stayInSpace } from '../../shared/model/document/moved.ts';
import { metaOf } from '../../shared/model/document/roots.ts';
import { mergeRoom, type MovingParts } from './move-document.ts';

export interface BoardPlace {
  readonly workspace: string;
  readonly space: string;
  /** Its id. */
  readonly board: string;
}

export function pageRoom({ workspace, space }: BoardPlace, card: string): string {
  return `${workspace}/${space}/${card}`;
}

/** The bytes go first: where the card is has not changed yet. Twice is harmless. Rejects where the other space has another document of that id. */
export async function bringPage(
  host: MovingParts,
  card: string,
  from: BoardPlace,
  to: BoardPlace,
  doing: Doing,
): Promise<void> {
  const [source, target] = [pageRoom(from, card), pageRoom(to, card)];
  if (source !== target) {
    await refuseStrange(host, target);
    await mergeRoom(host, source, target);
    await host.attachments.follow(source, target);
  }
  await host.documents.edit(target, (doc) => {
    if (from.space !== to.space) arriveInSpace(doc, { from: from.space, space: to.space });
    else stayInSpace(doc, to.space);
    openCardPage(doc, to.board, doing);
  });
  await host.catalogue.refresh(target);
}

/** Once the card is there. */
export async function leavePage(host: MovingParts, card: string, from: BoardPlace, to: BoardPlace): Promise<void> {
  if (from.space === to.space) return;
  const room = pageRoom(from, card);
  await host.documents.edit(room, (doc) => leaveSpace(doc, from.space, to.space));
  await host.catalogue.refresh(room);
}

async function refuseStrange(host: MovingParts, room: string): Promise<void> {
  const kind = await host.documents.readHead(room, (doc) => metaOf(doc).get('kind'));
  if (kind === undefined || kind === 'card') return;
  throw new AppError('already-exists', 'Another document there has the id of a card. Nothing was changed.');
}
