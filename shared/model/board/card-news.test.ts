// Which cards are news to a member: what others wrote beyond what any of their devices has seen; never what they wrote themselves.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { seenOf } from '../document/roots.ts';
import { createPersonal } from '../personal/personal.ts';
import { markBoardSeen, markCardSeen, markOwn, putBackSeen, readSeenCards, seenBy } from '../personal/read-cards.ts';
import { addCard, archiveCards, moveCard, removeCards, renameCard, touchCard } from './card-commands.ts';
import { setCardLabel } from './card-details.ts';
import { addItems, addChecklist } from './checklist-commands.ts';
import { addColumn } from './column-commands.ts';
import { addLabel } from './definition-commands.ts';
import { CardNews } from './card-news.ts';

const by = (member: string) => ({ by: member, at: 5 });

/** Ana's board, and Bo's copy of it. */
function boards(): { ana: Y.Doc; bo: Y.Doc; meet: () => void } {
  const ana = new Y.Doc();
  for (const id of ['todo', 'done']) addColumn(ana, { id, name: id });
  for (const id of ['c1', 'c2', 'c3', 'c4'])
    addCard(ana, { id, title: id, column: 'todo', createdBy: 'ana', createdAt: 1 });
  const bo = new Y.Doc();
  const meet = (): void => {
    Y.applyUpdate(bo, Y.encodeStateAsUpdate(ana));
    Y.applyUpdate(ana, Y.encodeStateAsUpdate(bo));
  };
  meet();
  return { ana, bo, meet };
}
function personal(): Y.Doc {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  return doc;
}
const vector = (doc: Y.Doc): Map<number, number> => Y.decodeStateVector(Y.encodeStateVector(doc));

test('[B11] [PS9] what another changed, moved or commented is unread until the card is opened; what one wrote oneself never is', () => {
  const { ana, bo, meet } = boards();
  const mine = personal();
  const news = new CardNews(ana, 'ana');
  news.see(readSeenCards(mine));
  renameCard(bo, 'c1', 'c1 by Bo');
  meet();
  // Nobody has left the board yet: nothing counts as new.
  expect(news.unread()).toEqual([]);
  markBoardSeen(mine, 'laptop', vector(ana));
  news.see(readSeenCards(mine));
  expect(news.unread()).toEqual([]);

  moveCard(bo, 'c2', { column: 'done' }, by('bo'));
  touchCard(bo, 'c3', by('bo'));
  renameCard(ana, 'c4', 'mine');
  touchCard(ana, 'c4', by('ana'));
  meet();
  expect(news.unread().toSorted()).toEqual(['c2', 'c3']);
  markCardSeen(mine, { device: 'laptop', card: 'c2' }, news.clocksOf('c2'));
  news.see(readSeenCards(mine));
  expect(news.unread()).toEqual(['c3']);
  renameCard(bo, 'c2', 'again');
  meet();
  expect(news.unread().toSorted()).toEqual(['c2', 'c3']);

  // Another window, begun anew from what is stored, says the same; so does one of another device that knows what this one wrote.
  markOwn(mine, ana.clientID, vector(ana).get(ana.clientID)!);
  const again = new Y.Doc();
  Y.applyUpdate(again, Y.encodeStateAsUpdate(ana));
  const later = new CardNews(again, 'ana');
  later.see(readSeenCards(mine));
  expect(later.unread().toSorted()).toEqual(['c2', 'c3']);
});

test('[B11] where a card stands among its neighbours is no news, nor is a card that I made or moved on another device, nor a removal', () => {
  const { ana, bo, meet } = boards();
  const phone = new Y.Doc();
  Y.applyUpdate(phone, Y.encodeStateAsUpdate(ana));
  const mine = personal();
  markBoardSeen(mine, 'laptop', vector(ana));
  const news = new CardNews(ana, 'ana');
  news.see(readSeenCards(mine));
  moveCard(bo, 'c1', { column: 'todo', after: 'c3' }, by('bo'));
  removeCards(bo, ['c3'], by('bo'));
  addCard(phone, { id: 'c9', title: 'From the train', column: 'todo', createdBy: 'ana', createdAt: 3 });
  moveCard(phone, 'c2', { column: 'done' }, by('ana'));
  touchCard(phone, 'c2', by('ana'));
  Y.applyUpdate(bo, Y.encodeStateAsUpdate(phone));
  meet();
  expect(news.unread()).toEqual([]);
  archiveCards(bo, ['c2'], 9);
  meet();
  expect(news.unread()).toEqual(['c2']);
});

test('[B11] words in a checklist are news, a label too; following costs what was written, whatever the board holds', () => {
  const { ana, bo, meet } = boards();
  const mine = personal();
  markBoardSeen(mine, 'laptop', vector(ana));
  const news = new CardNews(ana, 'ana');
  news.see(readSeenCards(mine));
  const heard: (ReadonlySet<string> | null)[] = [];
  news.onChange((cards) => heard.push(cards));
  const list = addChecklist(bo, 'c1', { name: '' });
  addItems(bo, { card: 'c1', list }, [{ text: 'Tape the laser' }]);
  setCardLabel(bo, ['c4'], addLabel(bo, { name: 'rf' }), true);
  meet();
  expect(news.unread().toSorted()).toEqual(['c1', 'c4']);
  expect(heard).toEqual([new Set(['c1', 'c4'])]);
  news.dispose();
  renameCard(bo, 'c3', 'later');
  meet();
  expect(heard).toHaveLength(1);
});

test('[PS9] all is marked as read, and that is taken back; what one device has seen, all have', () => {
  const { ana, bo, meet } = boards();
  const [laptop, desk] = [personal(), personal()];
  const together = (): void => {
    Y.applyUpdate(laptop, Y.encodeStateAsUpdate(desk));
    Y.applyUpdate(desk, Y.encodeStateAsUpdate(laptop));
  };
  markBoardSeen(laptop, 'laptop', vector(ana));
  together();
  const news = new CardNews(ana, 'ana');
  const unread = (of: Y.Doc): readonly string[] => {
    news.see(readSeenCards(of));
    return news.unread().toSorted();
  };
  expect(unread(desk)).toEqual([]);
  for (const id of ['c1', 'c2', 'c3']) renameCard(bo, id, `${id} by Bo`);
  meet();
  markCardSeen(laptop, { device: 'laptop', card: 'c1' }, news.clocksOf('c1'));
  markCardSeen(desk, { device: 'desk', card: 'c2' }, news.clocksOf('c2'));
  together();
  expect(unread(laptop)).toEqual(['c3']);
  expect(unread(desk)).toEqual(['c3']);
  const before = seenBy(desk, 'desk');
  markBoardSeen(desk, 'desk', vector(ana));
  together();
  expect(unread(laptop)).toEqual([]);
  putBackSeen(desk, 'desk', before);
  together();
  expect(unread(laptop)).toEqual(['c3']);
});

test('[PS9] values that no honest program writes are read past', () => {
  const { ana } = boards();
  const mine = personal();
  const seen = seenOf(mine);
  seen.set('laptop', 'words');
  seen.set('desk', new Uint8Array([255, 255, 255]));
  seen.set('desk/c1', new Uint8Array(5_000));
  seen.set('desk/c1/x', Y.encodeStateVector(ana));
  seen.set('own/many', 5);
  seen.set('own/7', 'five');
  expect(readSeenCards(mine)).toBeNull();
  expect(readSeenCards(new Y.Doc())).toBeNull();
  markCardSeen(mine, { device: 'desk', card: 'c1' }, new Map());
  markBoardSeen(mine, 'desk', vector(ana));
  expect(readSeenCards(mine)!.cards.size).toBe(0);
});
