// The figures of communities: aligned weeks, hostile times, homes, and no name in what leaves.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { addPost, removePost, vote } from '../../../shared/model/thread/commands.ts';
import { acceptAnswer, beginThread } from '../../../shared/model/thread/fact-commands.ts';
import { markSplit } from '../../../shared/model/thread/moderation.ts';
import { beginSplit, takePosts } from '../../../shared/model/thread/split.ts';
import { DAY, readDoingRow, type DoingRow } from '../doings/doing-row.ts';
import { figuresOf, firstDay, weekOf } from './figures.ts';

const MONDAY = Date.UTC(2026, 10, 23);
const HOUR = 3_600_000;
const PEOPLE = new Set(['ana', 'bo', 'cy']);
const post = (author: string, at: number) => ({ author, device: `${author}-laptop`, text: 'Words', at });

function question(space: string, asked: number, change: (doc: Y.Doc) => void = () => undefined): DoingRow {
  const doc = new Y.Doc();
  beginThread(doc, { type: 'question', title: 'Why', post: post('ana', asked), confirm: false });
  change(doc);
  return readDoingRow(`w/${space}/thread`, doc)!;
}

it('[P5] weeks begin on Monday in UTC, whatever day of them is named', () => {
  expect(weekOf('2026-11-23')).toBe(weekOf('2026-11-29'));
  expect(weekOf('2026-11-30')).toBe((weekOf('2026-11-29') ?? 0) + 1);
  expect(firstDay(weekOf('2026-11-27')!)).toBe('2026-11-23');
  expect(firstDay(weekOf('1970-01-01')!)).toBe('1969-12-29');
  expect(weekOf('2026-13-40')).toBe(null);
});

it('[P5] active people, what was answered and how soon, replies and those from another space: counted by the times in the documents', () => {
  const answered = question('lab', MONDAY + HOUR, (doc) => {
    const answer = addPost(doc, post('bo', MONDAY + 5 * HOUR));
    addPost(doc, post('ana', MONDAY + 6 * HOUR));
    const gone = addPost(doc, post('cy', MONDAY + 7 * HOUR));
    removePost(doc, gone, { by: 'cy', at: MONDAY + 8 * HOUR });
    addPost(doc, post('nobody', MONDAY));
    acceptAnswer(doc, answer, { by: 'ana', at: MONDAY + 9 * HOUR });
    vote(doc, { member: 'cy', choices: [], at: MONDAY - DAY });
  });
  // An answer that its author's clock puts before the question took no time.
  const early = question('lab', MONDAY + 2 * HOUR, (doc) =>
    acceptAnswer(doc, addPost(doc, post('bo', MONDAY)), { by: 'ana', at: MONDAY }),
  );
  const open = question('ops', MONDAY - 20 * 7 * DAY);
  const atHome = { room: 'w/ops/plan', days: { bo: [[MONDAY / DAY, 9, 0]] }, last: {}, question: null } as DoingRow;
  const rows = [answered, early, open, atHome];
  const week = weekOf('2026-11-23')!;
  const lab = figuresOf({ rows, spaces: ['lab'], people: PEOPLE, week });
  expect(lab).toMatchObject({ from: '2026-09-07', to: '2026-11-30', spaces: ['lab'] });
  expect(lab.weeks.at(-1)).toEqual({
    from: '2026-11-23',
    active: 2,
    asked: 2,
    answered: 2,
    median: 0,
    replies: 2,
    across: 2,
  });
  expect(lab.weeks.at(-2)).toMatchObject({ from: '2026-11-16', active: 1, asked: 0, replies: 0 });
  expect(lab.total).toMatchObject({ active: 3, asked: 2, answered: 2, across: 2 });
  const all = figuresOf({ rows: rows.toReversed(), spaces: ['ops', 'lab'], people: PEOPLE, week });
  // What is older than the weeks that are shown is in none of them.
  expect(all.total).toMatchObject({ active: 3, asked: 2 });
  expect(JSON.stringify(all)).not.toMatch(/ana|bo|cy/);
  expect(JSON.stringify(all)).toBe(JSON.stringify(figuresOf({ rows, spaces: ['lab', 'ops'], people: PEOPLE, week })));
});

it('[IN1] a post that was taken into a thread of its own is one doing, and counts there', () => {
  const old = new Y.Doc();
  beginThread(old, { type: 'discussion', title: 'Lunch', post: post('ana', MONDAY) });
  const taken = addPost(old, post('bo', MONDAY + HOUR));
  const apart = new Y.Doc();
  const doing = { by: 'mia', at: MONDAY + 2 * HOUR };
  beginSplit(apart, { title: 'The dish', from: 'old', taken: takePosts(old, [taken]), doing });
  markSplit(old, taken, 'apart');
  const rows = [readDoingRow('w/lab/old', old)!, readDoingRow('w/lab/apart', apart)!];
  expect(rows.flatMap(({ days }) => days['bo'] ?? [])).toEqual([[MONDAY / DAY, 1, 0]]);
});
