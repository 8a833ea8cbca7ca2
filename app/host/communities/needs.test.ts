// What needs a manager's attention: the bounds of time, and what is left out.
import { expect, it } from 'vitest';
import type { DocEntry } from '../../contract/entities.ts';
import type { ThreadRow } from '../threads/thread-row.ts';
import { cameInto } from './came-into.ts';
import { ANSWER_WITHIN, needsOf, WRITE_WITHIN } from './needs.ts';

const NOW = new Date(2026, 10, 30, 12).getTime();
const row = (id: string, more: Partial<ThreadRow>): ThreadRow =>
  ({
    room: `w/s/${id}`,
    type: 'question',
    archived: false,
    mergedInto: null,
    answered: false,
    closed: false,
    starter: 'ana',
    startedAt: NOW - ANSWER_WITHIN - 1,
    posts: 1,
    reported: 0,
    ...more,
  }) as ThreadRow;
const page = (id: string, reviewBy: string, more: Partial<DocEntry> = {}): DocEntry =>
  ({ id, kind: 'page', archived: false, properties: { reviewBy }, ...more }) as DocEntry;

it('[P4] unanswered over 48 hours, silent newcomers, overdue pages and reported posts, the most pressing first', () => {
  const needs = needsOf({
    now: NOW,
    threads: [
      row('late', {}),
      row('later', { startedAt: NOW - 2 * ANSWER_WITHIN }),
      row('young', { startedAt: NOW - ANSWER_WITHIN }),
      row('answered', { answered: true }),
      row('closed', { closed: true }),
      row('gone', { archived: true, reported: 3 }),
      row('merged', { mergedInto: 'late' }),
      row('idea', { type: 'idea', reported: 2 }),
    ],
    documents: [
      page('old', '2026-11-29'),
      page('older', '2026-01-05', { properties: { reviewBy: '2026-01-05', owner: 'bo' } }),
      page('today', '2026-11-30'),
      page('away', '2026-01-01', { archived: true }),
    ],
    newcomers: [
      { member: 'cy', at: NOW - WRITE_WITHIN - 1 },
      { member: 'new', at: NOW - WRITE_WITHIN },
    ],
  });
  expect(needs.unanswered.entries.map(({ document }) => document)).toEqual(['later', 'late']);
  expect(needs.newcomers).toEqual({ total: 1, entries: [{ member: 'cy', at: NOW - WRITE_WITHIN - 1 }] });
  expect(needs.stale.entries).toEqual([
    { document: 'older', reviewBy: '2026-01-05', owner: 'bo' },
    { document: 'old', reviewBy: '2026-11-29', owner: null },
  ]);
  expect(needs.reported).toEqual({ total: 1, entries: [{ document: 'idea', posts: 2 }] });
});

it('[P4] people came into a space when they made it, joined by an invitation that names it, were let in, or entered again', () => {
  const bodies = [
    { verb: 'space.create', space: 's', visibility: 'open' },
    { verb: 'invite.create', invite: 'i', spaces: [{ space: 's', role: 'member' }] },
    { verb: 'invite.create', invite: 'j', spaces: [{ space: 'other', role: 'member' }] },
    { verb: 'member.join', invite: 'i' },
    { verb: 'member.join', invite: 'j' },
    { verb: 'space.grant', space: 's', member: 'join-4', role: 'member' },
    { verb: 'space.grant', space: 's', member: 'join-4', role: 'manager' },
    { verb: 'space.revoke', space: 's', member: 'join-3' },
    { verb: 'space.grant', space: 's', member: 'join-3', role: 'member' },
  ];
  const records = bodies.map((body, at) => ({ hash: `join-${at}`, at, body })) as never;
  const facts = { actors: ['ana', 'ana', 'ana', 'join-3', 'join-4', 'ana', 'ana', 'join-3', 'join-3'] } as never;
  expect([...cameInto(records, facts, 's')].sort()).toEqual([
    ['ana', 0],
    ['join-3', 8],
    ['join-4', 5],
  ]);
});
