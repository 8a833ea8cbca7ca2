// Calls about who holds a document: everybody who can read it, with their devices, and what of each of my sittings they have.
import { z } from 'zod';
import { documentHolders } from './entities.ts';

const id = z.string().min(1).max(64);
const name = z.string().max(2_000);

/** How much of a sitting somebody holds: up to the change made at `upTo`; `all`: that is its last one. `at`: when this computer learned it. */
const heldUpTo = z.object({ upTo: z.number(), all: z.boolean(), at: z.number() });
export type HeldUpTo = z.infer<typeof heldUpTo>;

export const receiptSitting = z.object({
  /** When its first and last change were stored on this computer. */
  from: z.number(),
  to: z.number(),
  /** Null: the relay is not known to have any of it. */
  relay: heldUpTo.nullable(),
  /** Devices that are known to have some of it. */
  devices: z.array(heldUpTo.extend({ device: id })),
});
export type ReceiptSitting = z.infer<typeof receiptSitting>;

export const receiptPerson = z.object({
  member: id,
  /** Empty until it has arrived. */
  name,
  me: z.boolean(),
  /** Whether one of their devices has all that is here. */
  held: z.boolean(),
  devices: z.array(
    z.object({
      device: id,
      name,
      /** This computer. */
      me: z.boolean(),
      held: z.boolean(),
      /** It is beside this one, and linked with it without a relay. */
      near: z.boolean().optional(),
      /** When it last said what it holds of the space, by the relay's clock; null: never, or not known here. */
      at: z.number().nullable(),
    }),
  ),
});
export type ReceiptPerson = z.infer<typeof receiptPerson>;

export const documentReceipts = documentHolders.extend({
  /** Since when the relay cannot be reached, by this computer's clock; null: it is there, or there is none. What is told is of before. */
  away: z.number().nullable(),
  /** Everybody who can read the document now: me first, then those who have it. */
  people: z.array(receiptPerson),
  /** What was written in it on this computer, newest first; the oldest are not remembered for ever. */
  sittings: z.array(receiptSitting),
});
export type DocumentReceipts = z.infer<typeof documentReceipts>;

export const RECEIPT_CALLS = {
  /** As `doc.holders`, with the people and with each of my sittings at this computer. */
  'doc.receipts': { params: z.object({ workspace: id, document: id }), result: documentReceipts },
  /** The same of a person's profile. */
  'profile.receipts': { params: z.object({ workspace: id, member: id }), result: documentReceipts },
} as const;
