import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addCard, archiveCard, moveCard, removeCard } from './card-commands.ts';
import { addColumn, setColumnCompletes } from './column-commands.ts';
import { readPast } from './past.ts';
import { readBoard } from './read.ts';

describe('[B22][BD10] the past of a board', () => {
  it('has the latest move of each member, when a card was made, completed, archived and removed', () => {
    const doc = new Y.Doc();
    const [next, doing, done] = ['Next', 'Doing', 'Done'].map((name) => addColumn(doc, { name })) as [
      string,
      string,
      string,
    ];
    setColumnCompletes(doc, done, true);
    const make = (title: string): string =>
      addCard(doc, { title, column: next, createdBy: 'ana-member', createdAt: 10 });
    const [moved, still, away] = [make('Moved'), make('Still'), make('Away')] as [string, string, string];
    moveCard(doc, moved, { column: doing }, { by: 'ana-member', at: 20 });
    moveCard(doc, moved, { column: done }, { by: 'bo-member', at: 30 });
    archiveCard(doc, moved, 40);
    removeCard(doc, away, { by: 'ana-member', at: 50 });
    const past = new Map(readPast(doc, readBoard(doc)).map((one) => [one.title, one]));
    expect(past.get('Moved')).toMatchObject({
      stays: [
        { column: next, from: 10 },
        { column: doing, from: 20 },
        { column: done, from: 30 },
      ],
      completedAt: 30,
      archivedAt: 40,
      removedAt: null,
    });
    expect(past.get('Still')).toMatchObject({ id: still, stays: [{ column: next, from: 10 }], completedAt: null });
    expect(past.get('Away')).toMatchObject({ removedAt: 50 });
    // The same person moves it again: what is known is where it came from last, and where it is.
    moveCard(doc, moved, { column: doing }, { by: 'ana-member', at: 60 });
    expect(readPast(doc, readBoard(doc)).find(({ id }) => id === moved)?.stays).toEqual([
      { column: doing, from: 10 },
      { column: done, from: 30 },
      { column: doing, from: 60 },
    ]);
  });
});
