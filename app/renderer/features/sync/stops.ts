// The stops of the sync status as words: from what window, host and relay said to what may be shown. Pure.
import type { LinkStatus, OutboxEntry, StorageStatus, Truths } from '../../../contract/entities.ts';
import type { ConnectionStatus } from '../../connection/host-connection.ts';
import { since } from '../../window/times.ts';

/** What is known about one document at this moment. */
export interface SaveFacts {
  readonly connection: ConnectionStatus;
  readonly refusal: { readonly reason: string } | null;
  /** The first edit of this window that the host has not called durable; null: none. */
  readonly pendingSince: number | null;
  /** Null until the host has told: then nothing is claimed. */
  readonly storage: StorageStatus | null;
  readonly link: LinkStatus | null;
  /** This document's entry in the outbox as last told. */
  readonly waiting: OutboxEntry | null;
  /** Entries in the whole outbox. */
  readonly waitingCount: number;
  /** False while the last word about the outbox is older than the last edit here. */
  readonly outboxIsFresh: boolean;
}

/** `true` is a filled dot, `not-yet` a hollow one, `wrong` a warning that asks for something, `unknown` a hollow one without a claim. */
export interface Stop {
  readonly state: 'true' | 'not-yet' | 'wrong' | 'unknown';
  readonly text: string;
  /** What it means and what to do, in a sentence. */
  readonly explanation: string;
}

export function hereStop(facts: SaveFacts, now: number): Stop {
  const { connection, pendingSince, refusal, storage } = facts;
  if (pendingSince !== null && refusal !== null) {
    return {
      state: 'wrong',
      text: `Not saved since ${since(pendingSince, now)}`,
      explanation: `What you typed since ${since(pendingSince, now)} is in this window only, and Caravan does not take it: ${refusal.reason} Copy it before you close the window.`,
    };
  }
  if (storage?.state === 'failing') {
    const kept =
      pendingSince === null ? 'All before it is saved.' : 'What you type stays in this window; keep it open.';
    return storage.code === 'disk-full'
      ? {
          state: 'wrong',
          text: 'Disk full: free 200 MB to keep writing',
          explanation: `This computer's disk has been full since ${since(storage.since, now)}. ${kept} Saving goes on by itself when there is room.`,
        }
      : {
          state: 'wrong',
          text: 'Cannot save on this computer',
          explanation: `${storage.message} ${kept} Saving goes on by itself when the folder can be written.`,
        };
  }
  if (pendingSince !== null && connection.state !== 'online') {
    return {
      state: 'wrong',
      text: `Only in this window since ${since(pendingSince, now)}`,
      explanation: `Caravan's background part is not answering. What you typed since ${since(pendingSince, now)} is in this window only. Keep it open; it reconnects by itself.`,
    };
  }
  if (pendingSince !== null) {
    return {
      state: 'not-yet',
      text: 'Saving here',
      explanation: 'On its way to the disk of this computer.',
    };
  }
  if (storage === null) return LOOKING;
  return { state: 'true', text: 'Saved here', explanation: 'Every keystroke, on this computer.' };
}

/** A window that has just opened knows nothing yet, and says nothing more. */
const LOOKING: Stop = {
  state: 'unknown',
  text: 'Looking',
  explanation: 'This window is asking where this page is. Nothing was changed meanwhile.',
};

/** What the relay is known to hold. A relay that never was gets its own word, not a hollow promise. */
export function relayStop(facts: SaveFacts, now: number): Stop {
  const { link, waiting, waitingCount, pendingSince, outboxIsFresh } = facts;
  if (link === null) return LOOKING;
  if (link.state === 'none') {
    return {
      state: 'not-yet',
      text: 'No relay',
      explanation:
        'There is no relay: what is here goes to teammates’ laptops beside this one, and to nobody else. Attach a relay in the settings to share it further.',
    };
  }
  const waits = waiting !== null || pendingSince !== null || !outboxIsFresh;
  if (!waits) {
    const late = link.state === 'online' ? '' : ' You are offline now; what others wrote since is not here yet.';
    return { state: 'true', text: 'On relay', explanation: `The relay has all of it.${late}` };
  }
  if (link.state === 'refused') {
    return {
      state: 'wrong',
      text: 'The relay refuses',
      explanation: `${link.reason} What you write is kept on this computer. Ask whoever runs the relay.`,
    };
  }
  if (link.state === 'offline') {
    return { state: 'not-yet', text: offlineWords(link.since, waitingCount, now), explanation: OFFLINE };
  }
  return { state: 'not-yet', text: 'Not on relay yet', explanation: 'Waiting, kept on this computer.' };
}

const OFFLINE = 'Waiting, kept on this computer. It leaves by itself when the relay answers.';

/** "Offline since 09:17, 3 waiting". */
export function offlineWords(from: number, waiting: number, now: number): string {
  return `Offline since ${since(from, now)}${waiting > 0 ? `, ${waiting} waiting` : ''}`;
}

const NUMBER = new Intl.NumberFormat('en');

/** One line about the workspace's link, for the sidebar's foot. */
export function linkWords(
  {
    link,
    outbox,
    fetching,
    fetched,
    rehearsing,
  }: Pick<Truths, 'link' | 'outbox' | 'fetching' | 'fetched' | 'rehearsing'>,
  now: number,
): string {
  const waiting = outbox.length;
  if (rehearsing !== undefined) {
    return waiting > 0 ? `Links off, ${waiting} waiting` : 'Links off'; // Since when stands above it.
  }
  switch (link.state) {
    case 'none':
      return 'On this computer only';
    case 'connecting':
      return waiting > 0 ? `Looking for the relay, ${waiting} waiting` : 'Looking for the relay';
    case 'online':
      if (fetching > 0) return `Relay, ${NUMBER.format(fetched)} of ${NUMBER.format(fetched + fetching)} here`;
      return waiting > 0 ? `Relay, ${waiting} leaving` : 'Relay';
    case 'offline':
      return offlineWords(link.since, waiting, now);
    case 'refused':
      return 'The relay refuses this computer';
  }
}
