// Who holds a document in words: the ring, a person's row, a sitting's row. Pure; what is shown is never more than what is known.
import type { DocumentReceipts, HeldUpTo, ReceiptPerson, ReceiptSitting } from '../../../contract/receipts.ts';
import { clockTime, since } from '../../window/times.ts';

/** The third stop: people. */
export interface HeldStop {
  readonly held: number;
  readonly of: number;
  readonly text: string;
  readonly explanation: string;
}

/** Null: nothing is known yet, or nobody else can read it. @param fresh whether what was told is of after the last edit here. */
export function heldStop(receipts: DocumentReceipts | null, fresh: boolean): HeldStop | null {
  if (receipts === null || receipts.members.of < 2) return null;
  const { of } = receipts.members;
  const held = fresh ? receipts.members.held : 1;
  const explanation =
    held > 1
      ? 'Everything that is here, as their computers said.'
      : 'You alone have the newest of it, as far as this computer was told.';
  return { held, of, text: `Held by ${held} of ${of}`, explanation };
}

/** "09:04 to 09:35", "at 09:04". */
export function spanWords({ from, to }: Pick<ReceiptSitting, 'from' | 'to'>, now: number): string {
  const [begin, end] = [since(from, now), since(to, now)];
  if (begin === end) return `at ${begin}`;
  const sameDay = begin.slice(0, -5) === end.slice(0, -5);
  return `${begin} to ${sameDay ? clockTime(to) : end}`;
}

/** Since when what is said is not fresh; '' while the relay is there. */
export function asOfWords({ away, learnedAt, relay }: DocumentReceipts, now: number): string {
  if (relay === 'none') return 'There is no relay: laptops that are beside this one tell what they have.';
  if (away === null) return learnedAt === null ? 'The relay has not told yet what others have.' : '';
  if (learnedAt === null) return 'Nobody told this computer yet what others have.';
  const offline = since(away, now);
  return `As of ${since(learnedAt, now)}, ${learnedAt <= away ? `before you went offline at ${offline}` : `offline since ${offline}`}.`;
}

/** What a person's computers are called, and what is known of the newest change there. */
export interface PersonWords {
  /** "laptop", "laptop and phone". */
  readonly computers: string;
  /** "09:35", "not yet". */
  readonly state: string;
  readonly held: boolean;
  /** When not: what they have, or when they were heard of. */
  readonly detail: string;
}

export function personWords(
  person: ReceiptPerson,
  receipts: DocumentReceipts,
  fresh: boolean,
  now: number,
): PersonWords {
  const devices = person.devices.map((device) => {
    if (device.me) return 'this computer';
    return `${device.name || 'a computer'}${device.near ? ', same network' : ''}`;
  });
  const holding = person.devices.filter((device) => device.held);
  const computers = devices.join(' and ');
  const held = person.me || (fresh && person.held);
  if (held) {
    const times = holding.flatMap(({ at }) => (at === null ? [] : [at]));
    const state = person.me ? 'all of it' : times.length > 0 ? since(Math.max(...times), now) : 'all of it';
    return { computers, state, held, detail: '' };
  }
  const upTo = newest(receipts.sittings.flatMap(({ devices: told }) => told.filter(isOf(person))));
  const seen = person.devices.flatMap(({ at }) => (at === null ? [] : [at]));
  const heard = seen.length > 0 ? `last heard of ${since(Math.max(...seen), now)}` : 'never heard of here';
  const detail = upTo === null ? heard : `has yours${upToWords(upTo, receipts.sittings[0]?.to ?? upTo, now)}`;
  return { computers, state: 'not yet', held, detail };
}

/** One of my sittings: who has all of it, who some, who nothing. Me, and my other computers, count as everybody else. */
export interface SittingWords {
  readonly span: string;
  /** "On relay 08:57", "Only on this computer". */
  readonly parts: readonly { readonly text: string; readonly held: boolean }[];
}

/** People who are named as having nothing of it; more are counted. */
const NAMED = 3;

export function sittingWords(sitting: ReceiptSitting, people: readonly ReceiptPerson[], now: number): SittingWords {
  const parts: { text: string; held: boolean }[] = [];
  const say = (who: string, one: HeldUpTo): void => {
    const text = one.all ? `${who} (${since(one.at, now)})` : `${who}${upToWords(one.upTo, sitting.to, now)}`;
    parts.push({ text, held: one.all });
  };
  if (sitting.relay) say('On relay', sitting.relay);
  else parts.push({ text: 'Not on relay yet', held: false });
  const nobody: string[] = [];
  for (const person of people) {
    let any = false;
    for (const device of person.devices) {
      const told = sitting.devices.find((one) => one.device === device.device);
      if (!told || device.me) continue;
      any = true;
      say(`${person.me ? 'Your' : `${person.name || 'Someone'}’s`} ${device.name || 'computer'}`, told);
    }
    if (!any && !person.me) nobody.push(person.name || 'Someone');
  }
  const more = nobody.length > NAMED ? ` and ${nobody.length - NAMED} more` : '';
  if (nobody.length > 0) parts.push({ text: `Not yet ${nobody.slice(0, NAMED).join(', ')}${more}`, held: false });
  return { span: spanWords(sitting, now), parts };
}

/** " up to 08:50"; within the minute of the last edit a time would say nothing. */
function upToWords(upTo: number, end: number, now: number): string {
  const time = since(upTo, now);
  return time === since(end, now) ? ' in part' : ` up to ${time}`;
}

function isOf(person: ReceiptPerson): (told: { readonly device: string }) => boolean {
  return ({ device }) => person.devices.some((one) => one.device === device);
}

function newest(told: readonly HeldUpTo[]): number | null {
  return told.length === 0 ? null : Math.max(...told.map(({ upTo }) => upTo));
}
