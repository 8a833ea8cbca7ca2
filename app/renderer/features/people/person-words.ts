// What a person's time, status and reasons are in words. Words only; whoever wrote a zone or a status may have written any.
import { statusAt } from '../../../../shared/model/profile/about.ts';
import type { PersonEntry, Reason } from '../../../contract/people.ts';
import { ago, clockTime, since } from '../../window/times.ts';

/** Whose computer told the relay something within this time is taken to be here. */
const HERE = 10 * 60_000;

/** "03:02" in a zone; '' where there is none, or this computer does not know it. */
export function timeIn(zone: string, now: number): string {
  if (zone === '') return '';
  try {
    return new Intl.DateTimeFormat([], {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: zone,
    }).format(now);
  } catch {
    return '';
  }
}

/** "Recife, 03:02 there"; '' where neither is said. */
export function placeWords({ place, zone }: Pick<PersonEntry, 'place' | 'zone'>, now: number): string {
  const time = timeIn(zone, now);
  return [place, time === '' ? '' : `${time} there`].filter((one) => one !== '').join(', ');
}

/** "On a flight until 18:00"; '' where nothing is said, or it is over. */
export function statusWords({ status }: Pick<PersonEntry, 'status'>, now: number): string {
  const held = statusAt(status, now);
  if (!held) return '';
  if (held.until === null) return held.text;
  const day = since(held.until, held.until) === since(held.until, now) ? clockTime(held.until) : since(held.until, now);
  return `${held.text} until ${day}`;
}

export function isHere({ lastSeen, me }: Pick<PersonEntry, 'lastSeen' | 'me'>, now: number): boolean {
  return me || (lastSeen !== null && now - lastSeen < HERE);
}

/** "Here", "Seen 8 min ago"; '' where nobody told. */
export function seenWords(person: Pick<PersonEntry, 'lastSeen' | 'me'>, now: number): string {
  if (isHere(person, now)) return 'Here';
  return person.lastSeen === null ? '' : `Seen ${ago(person.lastSeen, now)}`;
}

/** What a reason is, before what it is about. */
export const REASON_WORDS: Readonly<Record<Reason['kind'], string>> = {
  skill: 'Skill',
  project: 'Works on',
  interest: 'Interested in',
  role: 'Role',
  accepted: 'Answer accepted in',
  answer: 'Answered in',
  page: 'Wrote',
  post: 'Wrote in',
  comment: 'Commented on',
};

/** Of what is typed, the part that is asked about: it is a topic that can be followed. */
export function topicOf(words: string): string {
  return words
    .trim()
    .replace(/^who\s+(?:knows?|is)\s+(?:about\s+)?/iu, '')
    .replace(/[?!.]+$/u, '')
    .trim();
}
