// How windows and the command line say who is beside this computer, and what can be heard on its network.
import type { PeerEntry, PeersHere } from './peers.ts';

export const PEER_STATE_WORDS: Readonly<Record<PeerEntry['state'], string>> = {
  linked: 'Linked',
  connecting: 'Being linked',
  seen: 'Not linked',
  refused: 'Turned away',
};

export function peerName({ name, me }: Pick<PeerEntry, 'name' | 'me'>): string {
  return name || (me ? 'other computer' : 'laptop');
}

/** What is so, and what it means or what to do; `more` may be empty. */
export function lookingWords({ discover, looking, closed }: PeersHere): {
  readonly title: string;
  readonly more: string;
} {
  if (!discover) {
    return {
      title: 'Not looking',
      more: 'This computer does not say that it is here, and lets in only those who have its code.',
    };
  }
  switch (looking) {
    case 'off':
      return {
        title: 'Not looking',
        more: 'Caravan was started here without looking for others: connect by code.',
      };
    case 'links-off':
      return {
        title: 'All links of this computer are off',
        more: 'You are trying out how it is to be offline. Nobody is linked until they are on again.',
      };
    case 'no-network':
      return {
        title: 'This computer is on no network',
        more: 'Join a Wi-Fi, or make a hotspot on one of the computers.',
      };
    case 'looking':
      return {
        title: 'Looking on this network',
        more: closed
          ? 'Caravan could open no port here: this computer can go to others, and they cannot come to it.'
          : '',
      };
    case 'quiet':
      return {
        title: 'Looking on this network',
        more: 'Nothing is heard of any other computer. If a teammate is here, the network keeps you apart: connect by code.',
      };
    case 'blocked':
      return {
        title: 'This network lets no announcements through',
        more: 'Teammates are not found by themselves here: connect by code.',
      };
  }
}
