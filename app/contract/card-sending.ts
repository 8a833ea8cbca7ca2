// The calls that copy or move cards to another board, and what is known of it before anything is written.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const title = z.string().max(2_000);
const ids = z.array(id).min(1).max(2_000);
const ofBoard = z.object({ workspace: id, document: id });

/** What the two boards and spaces make of it. Names of people are the window's. */
export const sendingPlan = z.object({
  columns: z.array(
    z.object({
      id,
      name: title,
      cards: z.number(),
      /** How many more it takes; null: as many as come. */ room: z.number().nullable(),
    }),
  ),
  labels: z.object({ known: z.array(title), missing: z.array(title) }),
  fields: z.object({ known: z.array(title), missing: z.array(title) }),
  /** Choices of fields that are there. */
  choices: z.array(title),
  /** Members on the cards who are not in the other space. */
  people: z.array(id),
  /** Guests who will see it there, where it is another space. */
  outsiders: z.array(id),
  /** What the cards lead to that the readers of the other space cannot reach, by title. */
  unreachable: z.array(title).max(50),
  moreUnreachable: z.number(),
  checklists: z.number(),
  comments: z.number(),
  descriptions: z.number(),
  /** Files that the cards' descriptions show or name, and how many of them are not on this computer. */
  files: z.number(),
  filesAway: z.number(),
});
export type SendingPlan = z.infer<typeof sendingPlan>;

/** How a sending is taken back. */
export const sendingBack = z.discriminatedUnion('what', [
  z.object({ what: z.literal('copies'), document: id, cards: ids }),
  z.object({
    what: z.literal('cards'),
    /** The board where they are now, and the one where they were. */
    document: id,
    to: id,
    places: z
      .array(
        z.object({
          card: id,
          column: id.nullable(),
          /** Behind which card it stood, or null for the first. */
          after: id.nullable(),
          /** Labels that were left out. */
          labels: z.array(id),
        }),
      )
      .max(2_000),
  }),
]);
export type SendingBack = z.infer<typeof sendingBack>;

export const SENDING_CALLS = {
  /** What would come of it; writes nothing. */
  'cards.plan': { params: ofBoard.extend({ cards: ids, to: id, copy: z.boolean() }), result: sendingPlan },
  /** Copies or moves cards to a column of another board (copies also to the same), behind or before what stands there. All of them, or none. */
  'cards.send': {
    params: ofBoard.extend({
      cards: ids,
      to: id,
      column: id,
      at: z.enum(['top', 'bottom']),
      copy: z.boolean(),
      /** Whether labels are made that the other board does not have; else the cards come without. */
      makeLabels: z.boolean(),
    }),
    /** The ids of the cards there, and guests who see them. */
    result: z.object({ cards: z.array(id), outsiders: z.array(id), back: sendingBack }),
  },
  'cards.takeBack': { params: z.object({ workspace: id, back: sendingBack }), result: z.object({}) },
  /** What was written in a card on a board that it had left (`key`: of that board): it is put into the card where it is, or nobody is told of it again. */
  'cards.late': { params: ofBoard.extend({ key: z.string().max(200), put: z.boolean() }), result: z.object({}) },
  /** On which board a card is, of those that can be read here; null: on none. */
  'cards.find': { params: z.object({ workspace: id, card: id }), result: z.object({ board: id.nullable() }) },
} as const;
