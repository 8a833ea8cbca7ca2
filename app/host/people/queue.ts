// Questions without an accepted answer, sorted for one member: those whose topics or words are among their skills, projects or topics first, each with why. Pure.
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { QueuedQuestion } from '../../contract/people.ts';
import type { ThreadRow } from '../threads/thread-row.ts';
import { tokensOf } from './works.ts';

export interface QueueFor {
  readonly member: string;
  readonly skills: readonly string[];
  readonly projects: readonly string[];
  /** Topics that they follow. */
  readonly topics: readonly string[];
}

export interface Queue {
  readonly questions: readonly QueuedQuestion[];
  readonly total: number;
  /** How many have a reason. */
  readonly forMe: number;
}

export function questionsFor(rows: Iterable<ThreadRow>, reader: QueueFor, most: number): Queue {
  const mine = [
    ...reader.skills.map((words) => ({ kind: 'skill' as const, words })),
    ...reader.topics.map((words) => ({ kind: 'topic' as const, words })),
    ...reader.projects.map((words) => ({ kind: 'project' as const, words })),
  ].map((one) => ({ reason: one, tokens: [...tokensOf(one.words)] }));
  const found: QueuedQuestion[] = [];
  for (const row of rows) {
    const { type, answered, closed, archived, mergedInto, starter, title, startedAt, posts, topics, room } = row;
    if (type !== 'question' || answered || closed || archived || mergedInto !== null || starter === reader.member)
      continue;
    const address = parseRoomName(room);
    if (!address) continue;
    const tokens = tokensOf([title, ...topics].join(' '));
    const reasons = mine.filter((one) => one.tokens.length > 0 && one.tokens.every((token) => tokens.has(token)));
    const { document, space } = address;
    found.push({
      document,
      space,
      title,
      starter,
      startedAt,
      posts,
      topics: [...topics],
      reasons: reasons.slice(0, 5).map(({ reason }) => reason),
    });
  }
  const score = ({ reasons }: QueuedQuestion): number => reasons.length;
  found.sort((a, b) => score(b) - score(a) || a.startedAt - b.startedAt || (a.document < b.document ? -1 : 1));
  return {
    questions: found.slice(0, most),
    total: found.length,
    forMe: found.filter(({ reasons }) => reasons.length > 0).length,
  };
}
