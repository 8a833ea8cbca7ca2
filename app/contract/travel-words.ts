// What is said of being ready for travel, by the command line and the windows alike. Pure.
import type { BlobHolders } from './attachments.ts';
import { size } from './sizes.ts';
import type { MissingDocument, MissingFile, TravelReport } from './travel.ts';

const NUMBER = new Intl.NumberFormat('en');

export function things(count: number, one = 'thing', many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}

/** "Ready for travel", "Nearly ready: 3 things are not here yet". */
export function travelHeadline({ ready, reading, known, missingCount }: TravelReport): string {
  if (ready) return 'Ready for travel';
  if (missingCount > 0)
    return `Nearly ready: ${things(missingCount)} ${missingCount === 1 ? 'is' : 'are'} not here yet`;
  if (known.how === 'asking') return 'Asking the relay what there is';
  return reading ? 'Looking through what is here' : 'Nearly ready';
}

/** What is looked at, in a sentence without its end. */
export function choiceWords({ choice, nothingFollowed }: TravelReport): string {
  if (choice.what === 'chosen') return 'What you chose, with its files';
  if (choice.what === 'all' || nothingFollowed) return 'All your spaces, with their files';
  return 'Everything you follow, with its files';
}

/** How new the knowledge is; '' where it is of now. @param when words for a time. */
export function knownWords({ how, at }: TravelReport['known'], when: (at: number) => string): string {
  switch (how) {
    case 'now':
    case 'asking':
      return '';
    case 'since':
      return at === null
        ? 'As far as this computer knows: it has not heard from the relay yet.'
        : `As far as this computer knows, up to ${when(at)}.`;
    case 'alone':
      return 'There is no relay: this computer knows what the computers of others have told it.';
  }
}

export const DOCUMENT_STATES: Readonly<Record<MissingDocument['state'], string>> = {
  coming: 'Not here yet; it comes by itself',
  behind: 'A newer version is on its way',
  refused: 'Could not be had from the relay',
  damaged: 'Damaged on this disk; see “caravan doctor”',
  unsafe: 'Kept and not opened: its content cannot be read safely',
};

/** "148 MB", "21 of 36 MB"; '' where nobody said how large it is. */
export function fileSizeWords({ size: bytes, received }: Pick<MissingFile, 'size' | 'received'>): string {
  if (bytes === 0) return '';
  return received > 0 ? `${size(received)} of ${size(bytes)}` : size(bytes);
}

/** Who has a file that is not here, as far as this computer was told. @param when words for a time. */
export function holderWords(holders: BlobHolders | null, when: (at: number) => string): string {
  if (!holders) return '';
  const { relay, added, peers } = holders;
  const laptopOf = (one: { readonly name: string; readonly deviceName: string }): string =>
    `${one.name || 'Somebody'}’s ${one.deviceName || 'computer'}`;
  const laptop = added && laptopOf(added);
  const near = peers[0];
  if (near && near.met === null) return `on ${laptopOf(near)}, here on this network`;
  if (relay === 'held') return laptop ? `on the relay, and on ${laptop}` : 'on the relay';
  if (near && near.met !== null) return `on ${laptopOf(near)} when you last met, ${when(near.met)}`;
  if (!laptop) {
    if (relay === 'absent') return 'not on the relay; nobody is known to have it';
    return relay === 'none' ? 'nobody is known to have it' : 'who has it is not known';
  }
  const seen = added.seen === null ? '' : `, last seen ${when(added.seen)}`;
  return relay === 'absent' || relay === 'none' ? `only on ${laptop}${seen}` : `added on ${laptop}${seen}`;
}
