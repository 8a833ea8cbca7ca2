// Copying and moving cards to another board: first what they hold, then the cards themselves, and last the word that they are not here any more, so that an end in between leaves each on one board. Who may is decided by who asks.
import { randomId } from '../../shared/base/random-id.ts';
import { AppError } from '../../shared/base/app-error.ts';
import { cardsIn, removeCards } from '../../shared/model/board/card-commands.ts';
import { setCardLabel } from '../../shared/model/board/card-details.ts';
import { copyCardPage, isEmptyCopy, openCardPage, writeCardPage } from '../../shared/model/board/card-page.ts';
import {
  beginLeaving,
  cancelLeaving,
  endLeaving,
  matchDefinitions,
  placeCards,
  takeCards,
  type Run,
  type Sending,
  type TakenCards,
} from '../../shared/model/board/parcel.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import type { After, Doing } from '../../shared/model/board/stored.ts';
import { isDocumentId } from '../../shared/model/document/meta.ts';
import { bodyOf, labelsOf, postsOf } from '../../shared/model/document/roots.ts';
import { freshIds } from '../../shared/model/page/copy.ts';
import type { SendingBack } from '../contract/card-sending.ts';
import type { HostParts } from './call-handlers.ts';
import { bringPage, leavePage, pageRoom, type BoardPlace } from './card-pages-apart.ts';
import { leadingToCopies, type CopyOf } from './leading-to-copies.ts';

export interface Ends {
  readonly from: BoardPlace;
  readonly to: BoardPlace;
  readonly doing: Doing;
}

/** Cards that come behind one another. */
export interface CardsRun {
  readonly column: string;
  readonly after: After;
  readonly cards: readonly string[];
}

/** Answers where each stood, so that it can be taken back. Nothing is changed where the other board refuses them. */
export async function moveCardsTo(
  host: HostParts,
  { from, to, doing }: Ends,
  runs: readonly CardsRun[],
  makeLabels: boolean,
): Promise<SendingBack & { readonly what: 'cards' }> {
  const [here, there] = [pageRoom(from, from.board), pageRoom(to, to.board)];
  const ids = runs.flatMap(({ cards }) => cards);
  const before = await host.documents.read(here, (doc) => ({ taken: takeCards(doc, ids), places: placesOf(doc, ids) }));
  const pages = pagesOf(host, from, ids);
  const authors = await authorsOf(host, from, pages);
  const sending = (taken: TakenCards): Sending => ({ taken, makeLabels, doing, isCopy: false, authors });
  const runsOf = (taken: TakenCards, going: (card: string) => { readonly id: string; readonly n: number }): Run[] => {
    const byId = new Map(taken.cards.map((one) => [one.card.id, one]));
    return runs.map(({ column, after, cards }) => ({
      column,
      after,
      parcels: cards.flatMap((id) => {
        const one = byId.get(id);
        return one ? [{ id, taken: one, going: { from: from.board, ...going(id) } }] : [];
      }),
    }));
  };
  const missing = await host.documents.read(there, (doc) => {
    const { missing } = matchDefinitions(before.taken, readBoard(doc));
    // Tried on a copy first: a refusal leaves nothing behind.
    placeCards(
      doc,
      runsOf(before.taken, () => ({ id: randomId(), n: 1 })),
      sending(before.taken),
    );
    return missing.labels.map(({ id }) => id);
  });
  const { taken, goings } = await host.documents.edit(here, (doc) => {
    const taken = takeCards(doc, ids);
    return { taken, goings: beginLeaving(doc, taken, to.board, doing) };
  });
  const all = new Set([...goings.values()].map(({ id }) => id));
  try {
    for (const card of pages) await bringPage(host, card, from, to, doing);
    await host.documents.edit(there, (doc) =>
      placeCards(
        doc,
        runsOf(taken, (id) => goings.get(id) ?? { id: randomId(), n: 1 }),
        sending(taken),
      ),
    );
  } catch (error) {
    await host.documents.edit(here, (doc) => cancelLeaving(doc, all));
    throw error;
  }
  await host.documents.edit(here, (doc) => endLeaving(doc, all));
  for (const card of pages) await leavePage(host, card, from, to);
  await Promise.all([host.catalogue.refresh(here), host.catalogue.refresh(there)]);
  const left = new Set(makeLabels ? [] : missing);
  const places = before.places.map((place) => {
    const labels = taken.cards.find(({ card }) => card.id === place.card)?.card.labels ?? [];
    return { ...place, labels: labels.filter((id) => left.has(id)) };
  });
  return { what: 'cards', document: to.board, to: from.board, places };
}

/** Answers the ids of the copies, in the order of the cards. */
export async function copyCardsTo(
  host: HostParts,
  { from, to, doing }: Ends,
  { column, after, cards }: CardsRun,
  makeLabels: boolean,
): Promise<readonly string[]> {
  const [here, there] = [pageRoom(from, from.board), pageRoom(to, to.board)];
  const taken = await host.documents.read(here, (doc) => takeCards(doc, cards));
  const pages = pagesOf(host, from, cards);
  const authors = await authorsOf(host, from, pages);
  const copies = new Map<string, CopyOf>();
  for (const card of cards) {
    const blocks = pages.has(card)
      ? await host.documents.read(pageRoom(from, card), (doc) => freshIds(bodyOf(doc)))
      : new Map<string, string>();
    copies.set(card, { document: randomId(), blocks });
  }
  const idOf = (card: string): string => copies.get(card)?.document ?? '';
  const parcels = taken.cards.map((one) => ({ id: idOf(one.card.id), taken: one, going: null }));
  const sending = { taken, makeLabels, doing, isCopy: true, authors };
  await host.documents.read(there, (doc) => placeCards(doc, [{ column, after, parcels }], sending));
  for (const card of pages) {
    const copied = await host.documents.read(pageRoom(from, card), (doc) =>
      copyCardPage(doc, leadingToCopies(copies, card)),
    );
    if (isEmptyCopy(copied)) continue;
    const room = pageRoom(to, idOf(card));
    await host.documents.edit(room, (doc) =>
      doc.transact(() => {
        openCardPage(doc, to.board, doing);
        writeCardPage(doc, copied);
      }),
    );
    if (from.space !== to.space) await host.attachments.follow(pageRoom(from, card), room);
    await host.catalogue.refresh(room);
  }
  await host.documents.edit(there, (doc) => placeCards(doc, [{ column, after, parcels }], sending));
  return parcels.map(({ id }) => id);
}

export async function takeBack(
  host: HostParts,
  place: (board: string) => BoardPlace,
  doing: Doing,
  back: SendingBack,
): Promise<void> {
  const from = place(back.document);
  if (back.what === 'copies') {
    await host.documents.edit(pageRoom(from, from.board), (doc) => removeCards(doc, back.cards, doing));
    return;
  }
  const to = place(back.to);
  const room = pageRoom(to, to.board);
  const columns = await host.documents.read(room, (doc) => readBoard(doc).columns.map(({ id }) => id));
  const [first] = columns;
  if (first === undefined)
    throw new AppError('not-found', 'The board has no columns any more. The cards are where they were.');
  const runs: { column: string; after: After; cards: string[] }[] = [];
  for (const { card, column, after } of back.places) {
    const wanted = column !== null && columns.includes(column) ? column : first;
    const last = runs.at(-1);
    if (last?.column === wanted && after !== null && last.cards.at(-1) === after) last.cards.push(card);
    else runs.push({ column: wanted, after: wanted === column ? after : undefined, cards: [card] });
  }
  await moveCardsTo(host, { from, to, doing }, runs, true);
  const labelled = back.places.filter(({ labels }) => labels.length > 0);
  if (labelled.length === 0) return;
  await host.documents.edit(room, (doc) => {
    for (const { card, labels } of labelled)
      for (const label of labels) if (labelsOf(doc).has(label)) setCardLabel(doc, [card], label, true);
  });
}

type Place = Omit<(SendingBack & { readonly what: 'cards' })['places'][number], 'labels'>;

/** Where each stands, in the order of the board. */
function placesOf(doc: Parameters<typeof readBoard>[0], ids: readonly string[]): readonly Place[] {
  const wanted = new Set(ids);
  const places: Place[] = [];
  for (const { id: column } of readBoard(doc).columns) {
    const cards = cardsIn(doc, column).map(({ id }) => id);
    for (const [at, card] of cards.entries())
      if (wanted.delete(card)) places.push({ card, column, after: cards[at - 1] ?? null });
  }
  return [...places, ...[...wanted].map((card) => ({ card, column: null, after: null }))];
}

/** Those of the cards that have a document in this space. */
export function pagesOf(
  host: Pick<HostParts, 'catalogue'>,
  at: BoardPlace,
  cards: readonly string[],
): ReadonlySet<string> {
  return new Set(
    cards.filter((card) => {
      const row = host.catalogue.row(pageRoom(at, card));
      return row?.kind === 'card' && row.movedTo === null;
    }),
  );
}

async function authorsOf(host: HostParts, at: BoardPlace, pages: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const authors = new Set<string>();
  for (const card of pages) {
    await host.documents.readStored(pageRoom(at, card), (doc) => {
      for (const post of postsOf(doc).values()) {
        const author: unknown = (post as { get?: (key: string) => unknown }).get?.('author');
        if (isDocumentId(author)) authors.add(author);
      }
    });
  }
  return authors;
}
