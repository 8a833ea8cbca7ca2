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

function holderWords({ relay, added, peers }: BlobHolders, now: number): string {
  const here = peers.filter(({ met }) => met === null);
  if (here[0]) {
    const others = here.length > 1 ? ` and ${here.length - 1} more` : '';
    return `On ${computer(here[0])}${others}, here on this network; it comes by itself`;
  }
  if (relay === 'held') return 'On the relay; it comes by itself';
  const who = metWords(peers[0], now) ?? (added && addedWords(added, now));
  if (relay === 'absent') return who ? `Not on the relay yet; ${who}` : 'Not on the relay, and nobody told who has it';
  const known = who ? `Not here yet; ${who}` : 'Not here, and nobody told who has it';
  if (relay !== 'none') return known;
  return `${known}. There is no relay to bring it${who ? '; it comes when you meet on one network' : ''}`;
}

/** "Bo’s laptop had it when you last met, 5 min ago". */
function metWords(peer: BlobHolders['peers'][number] | undefined, now: number): string | null {
  return peer && peer.met !== null ? `${computer(peer)} had it when you last met, ${ago(peer.met, now)}` : null;
}

/** "on Bo’s laptop, last seen 19:02". */
function addedWords(added: NonNullable<BlobHolders['added']>, now: number): string {
  const whose = `on ${computer(added)}`;
  return added.seen === null ? whose : `${whose}, last seen ${ago(added.seen, now)}`;
}

function computer({ name, deviceName }: { readonly name: string; readonly deviceName: string }): string {
  return `${name || 'somebody'}’s ${deviceName || 'computer'}`;
}
