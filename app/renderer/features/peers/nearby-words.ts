// A computer beside this one in words: whose it is, what is so, and by which path. Pure.
import { PEER_STATE_WORDS, peerName } from '../../../contract/peer-words.ts';
import type { PeerEntry } from '../../../contract/peers.ts';
import { since } from '../../window/times.ts';

export interface NearbyWords {
  readonly who: string;
  readonly computer: string;
  /** "Linked since 09:31". */
  readonly state: string;
  /** "on this network, 192.168.1.7", "by code"; why it is not linked, where that is known. */
  readonly detail: string;
}

export function nearbyWords(peer: PeerEntry, now: number): NearbyWords {
  const host = (peer.address ?? '').replace(/:\d+$/, '').replace(/^\[([^%\]]*).*\]$/, '$1');
  const path = [peer.byCode ? 'by code' : 'on this network', ...(host === '' ? [] : [host])].join(', ');
  return {
    who: peer.me ? 'You' : peer.memberName || 'Someone whose name has not arrived',
    computer: peerName(peer),
    state: `${PEER_STATE_WORDS[peer.state]} since ${since(peer.since, now)}`,
    detail: detailOf(peer, path),
  };
}

/** Why it was turned away is said here, by this computer; why a link ended is the other end’s word, which is not shown. */
function detailOf({ state, why }: PeerEntry, path: string): string {
  if (why === null || state === 'linked') return path;
  return state === 'refused' ? why : 'It does not answer now.';
}

/** "Bo’s laptop". */
export function whoseWords(peer: PeerEntry): string {
  if (peer.me) return peer.name === '' ? 'your other computer' : `your ${peer.name}`;
  return `${peer.memberName || 'a colleague'}’s ${peerName(peer)}`;
}

/** "09:41 left". */
export function timeLeft(until: number, now: number): string {
  const seconds = Math.max(0, Math.round((until - now) / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A code as it is read out: each letter by itself. */
export function spelled(code: string): string {
  return [...code].map((letter) => (letter === '-' ? ',' : letter)).join(' ');
}

/** The linked ones first, then whoever is on the way. */
export function inOrder(peers: readonly PeerEntry[]): readonly PeerEntry[] {
  const rank: Readonly<Record<PeerEntry['state'], number>> = { linked: 0, connecting: 1, seen: 2, refused: 3 };
  return [...peers].sort(
    (a, b) =>
      rank[a.state] - rank[b.state] || a.memberName.localeCompare(b.memberName) || (a.device < b.device ? -1 : 1),
  );
}
