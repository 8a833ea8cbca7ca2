// The calls about boards that only a host can answer, beside those about documents: cards' own documents, and what people did to a card.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const ofCard = z.object({ workspace: id, document: id, card: id });
const value = z.union([z.string(), z.number()]).nullable();

/** One change of a card on its board. */
export const cardChange = z.object({
  /** `made`, or what was changed; `checked`: an item of a checklist. */
  part: z.string().max(20),
  /** The key on the card (docs/documents.md, BD3 to BD13): it names the label, the member, the field, the item, the other card. '' where it is the card itself. */
  key: z.string().max(300),
  /** What stands there since, and stood before: columns, days and times, priorities, a field's values; a number for what is only there or not; null for nothing. */
  value,
  before: value,
});
export type CardChange = z.infer<typeof cardChange>;

const author = z.object({ member: z.string(), device: z.string() });

export const cardActivity = z.discriminatedUnion('state', [
  /** The board's past is still being put together; the same call again asks how it stands. */
  z.object({ state: z.literal('building'), done: z.number(), total: z.number() }),
  z.object({
    state: z.literal('ready'),
    /** The newest 500, newest first; empty authors where nobody proved who they are. */
    changes: z.array(cardChange.extend({ at: z.number() }).extend(author.shape)),
    /** Sessions in which somebody wrote in the card's own document, newest first. */
    writing: z.array(z.object({ from: z.number(), to: z.number(), words: z.number() }).extend(author.shape)),
    /** False where the past is not known from its beginning. */
    complete: z.boolean(),
  }),
]);

/** Clocks of one Yjs client, from the first to before the second; null: as far as there are any. */
const clocks = z.tuple([z.number(), z.number(), z.number().nullable()]);

export const boardChanges = z.object({
  /** What is nowhere but on this computer: written, and taken away; cards whose own document is. Nothing where there is no relay. */
  unsent: z.object({ written: z.array(clocks), deleted: z.array(clocks), cards: z.array(id) }),
  /** What others' changes came after the newest absence of this computer that brought some to its workspace; null: there was none. */
  away: z.object({ from: z.number(), to: z.number(), written: z.array(clocks) }).nullable(),
});
export type BoardChanges = z.infer<typeof boardChanges>;

export const BOARD_CALLS = {
  /** What of a board is only here, and what came to it while this computer was away. */
  'board.changes': { params: z.object({ workspace: id, document: id }), result: boardChanges },
  /** Who did what to a card, from the segments that are kept here. */
  'card.activity': { params: ofCard, result: cardActivity },
} as const;
