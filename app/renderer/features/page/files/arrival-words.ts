// What is said of an attachment whose bytes are not here, or not whole yet: how far it is, else who has it. Pure.
import type { BlobHolders, BlobState } from '../../../../contract/attachments.ts';
import { size } from '../../../../contract/sizes.ts';
import { ago } from '../../../window/times.ts';

/** How it is, and who has it once that was asked. */
export type ArrivingBlob = BlobState & { readonly holders?: BlobHolders };

/** Null where there is nothing to say. @param bytes as the document says it; 0 where it does not. */
export function arrivalWords(state: ArrivingBlob | null, bytes: number, now: number): string | null {
  if (state === null || state.state === 'here') return null;
  if (state.trouble !== null) return state.trouble;
  if (state.state === 'coming') {
    return bytes > 0 ? `Arriving, ${Math.floor((100 * state.received) / bytes)}%` : `Arriving, ${size(state.received)}`;
  }
  return state.holders ? holderWords(state.holders, now) : 'Not here yet';
}

function holderWords({ relay, added }: BlobHolders, now: number): string {
  if (relay === 'held') return 'On the relay; it comes by itself';
  const who = added && computerWords(added, now);
  if (relay === 'absent')
    return who ? `Not on the relay yet; on ${who}` : 'Not on the relay, and nobody told who has it';
  const known = who ? `Not here yet; on ${who}` : 'Not here, and nobody told who has it';
  return relay === 'none' ? `${known}. There is no relay to bring it` : known;
}

/** "Bo’s laptop, last seen 19:02". */
function computerWords({ name, deviceName, seen }: NonNullable<BlobHolders['added']>, now: number): string {
  const whose = `${name || 'somebody'}’s ${deviceName || 'computer'}`;
  return seen === null ? whose : `${whose}, last seen ${ago(seen, now)}`;
}
