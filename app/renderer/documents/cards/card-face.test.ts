// What a card's face shows, and what a screen reader hears of it.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { addCard } from '../../../../shared/model/board/card-commands.ts';
import { linkCard, setCardDue, setCardLabel, setCardMember } from '../../../../shared/model/board/card-details.ts';
import { addChecklist, addItems } from '../../../../shared/model/board/checklist-commands.ts';
import { addColumn } from '../../../../shared/model/board/column-commands.ts';
import { addLabel } from '../../../../shared/model/board/definition-commands.ts';
import { readBoard } from '../../../../shared/model/board/read.ts';
import { faceOf, type FaceContext } from './card-face.ts';

const now = new Date(2026, 10, 25, 12, 0).getTime();

test('[B11] [X4] labels, due, checklist, comments, files, people, unread, blocked and what is only here are on the face and in its name', () => {
  const doc = new Y.Doc();
  const column = addColumn(doc, { name: 'Doing' });
  const made = { column, createdBy: 'ana', createdAt: 1 };
  const [mast, licence] = [addCard(doc, { title: 'Mast', ...made }), addCard(doc, { title: 'Licence', ...made })];
  setCardLabel(doc, [mast], addLabel(doc, { name: 'rf', colour: 'sky' }), true);
  setCardMember(doc, [mast], 'ana', true);
  linkCard(doc, mast, 'blockedBy', licence);
  const list = addChecklist(doc, mast, { name: '' });
  addItems(doc, { card: mast, list }, [{ text: 'Tape', checked: true }, { text: 'Laser' }]);
  const face = (due: number | string): ReturnType<typeof faceOf> => {
    setCardDue(doc, mast, due);
    const board = readBoard(doc);
    const cards = board.columns.flatMap(({ cards }) => cards);
    const context: FaceContext = {
      labels: new Map(board.labels.map((label) => [label.id, label])),
      open: () => new Map(cards.map((card) => [card.id, card])),
      facts: () => ({ comments: 2, attachments: 1, described: true }),
      Cover: (() => ({})) as unknown as FaceContext['Cover'],
      isUnread: (card) => card === mast,
      isUnsent: (card) => card === mast,
      memberName: () => 'Ana Ruiz',
      now,
    };
    return faceOf(
      cards.find(({ id }) => id === mast)!,
      context,
    );
  };
  const soon = face(now + 60_000);
  expect(soon).toMatchObject({
    due: { near: 'soon' },
    blocked: true,
    unread: true,
    unsent: true,
    checked: { done: 1, total: 2 },
  });
  expect(soon.spoken).toMatch(
    /^Mast; unread; blocked; rf; due .+, within 24 hours; 1 of 2 ticked; 2 comments; 1 file; for Ana Ruiz; only on this computer$/,
  );
  expect(face(now - 60_000).spoken).toMatch(/; due .+, overdue;/);
  expect(face('2026-12-24').spoken).toMatch(/; due [^,;]+;/);
});
