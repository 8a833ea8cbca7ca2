// What another hub's acknowledgement of a change comes to, and who else holds that: types, and one pure judgement that claims nothing more.
import type { Holder } from '../protocol/cursor-frames.ts';

/** The other hub holds a change of ours, at the latest as its own change `number` of the same room. */
export interface HubReceipt {
  readonly hub: string;
  /** How often the hub's numbers of the space had lost their meaning by then (it was wiped, or restored). */
  readonly turn: number;
  readonly number: number;
}

/** What is known of a space now. */
export interface ReceiptFacts {
  readonly hub: string;
  readonly turn: number;
  /** As the hub published them. */
  readonly holders: readonly Holder[];
}

/** Whether the hub that gave the receipt is the one that is linked, and did not lose since what it had. */
export function isReceiptGood(receipt: HubReceipt, facts: ReceiptFacts): boolean {
  return facts.hub !== '' && receipt.hub === facts.hub && receipt.turn === facts.turn;
}

/** Whether a device holds what the receipt is for. The receipt must be good. @param document the room's. */
export function holdsReceipt(holder: Holder, receipt: HubReceipt, document: string): boolean {
  return holder.number >= receipt.number && !holder.lacks.includes(document);
}
