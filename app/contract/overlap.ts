// What windows and hosts tell each other of what two people changed apart: where, who, both versions, what stands now. Validators, types and calls. Settling one is an edit of the window's.
import { z } from 'zod';
import type { OverlapPlace, OverlapValue } from '../../shared/model/overlap/place.ts';
import type { OverlapChoice } from '../../shared/model/overlap/settle.ts';

const id = z.string().min(1).max(64);
const place = z.custom<OverlapPlace>((value) => typeof value === 'object' && value !== null && 'at' in value);
const value = z.custom<OverlapValue>((one) => typeof one === 'object' && one !== null && 'is' in one);

const version = z.object({
  /** Null: nothing stood there. */
  value: value.nullable(),
  /** What people read of it; of words, the words. */
  label: z.string(),
});
export type OverlapVersion = z.infer<typeof version>;

const side = version.extend({
  /** '' where it is not known whose computer it was. */
  member: z.string(),
  device: z.string(),
  at: z.number(),
});
export type OverlapSide = z.infer<typeof side>;

export const overlapEntry = z.object({
  /** The same on every computer. */
  id,
  space: id,
  /** Of a card's description the card; `board` is where it stands. */
  document: id,
  room: z.string(),
  kind: z.enum(['page', 'board', 'card', 'thread']),
  /** Of the document, or of the card. */
  title: z.string(),
  board: id.nullable(),
  card: id.nullable(),
  place,
  /** What was changed, as it is called: "a paragraph", "the due date". */
  what: z.string(),
  mine: side,
  theirs: side,
  /** When the later of both was written. */
  at: z.number(),
  now: version,
  /** Who settled it and how, the first first; [] while nobody did. */
  settled: z.array(
    z.object({ by: z.string(), at: z.number(), choice: z.custom<OverlapChoice>((one) => typeof one === 'string') }),
  ),
});
export type OverlapEntry = z.infer<typeof overlapEntry>;

export const OVERLAP_CALLS = {
  /** Mine: those that nobody settled first, then the newest. `count`: how many nobody settled. `overlaps` is announced when it becomes different. */
  'overlap.list': {
    params: z.object({ workspace: id }),
    result: z.object({ entries: z.array(overlapEntry), count: z.number() }),
  },
} as const;
