// A poll: its choices, its rules, and how votes are counted (docs/documents.md, TH8). Total; counting knows no clock but the voters'.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { entriesOf, lineOf, newLine, orderOf } from '../board/stored.ts';
import { isDocumentId, readTime } from '../document/meta.ts';
import { compareSiblings } from '../document/order.ts';
import { placeRun } from '../document/order-run.ts';
import { readRemoval } from '../document/removal.ts';
import { choicesOf, metaOf } from '../document/roots.ts';
import type { Vote } from './votes.ts';

export interface Choice {
  readonly id: string;
  readonly text: string;
}

export interface Poll {
  /** In their order, without those that were removed. */
  readonly choices: readonly Choice[];
  readonly multiple: boolean;
  /** Who voted for what is shown nowhere. */
  readonly anonymous: boolean;
  /** The last millisecond at which a vote counts, by the voter's clock; null where there is no end. */
  readonly until: number | null;
}

export interface PollSettings {
  readonly choices?: readonly string[];
  readonly multiple?: boolean;
  readonly anonymous?: boolean;
  readonly until?: number | null;
}

export interface Tally {
  /** Members by choice, sorted; each member once a choice. */
  readonly byChoice: ReadonlyMap<string, readonly string[]>;
  /** Members whose vote counts for at least one choice. */
  readonly voters: number;
  /** Members whose vote was cast behind the end; it does not count. */
  readonly late: readonly string[];
}

export const MOST_CHOICES = 50;
export const LONGEST_CHOICE = 200;

export function readPoll(doc: Y.Doc, unreadable: string[] = []): Poll {
  const settings = metaOf(doc).get('poll');
  const { multiple, anonymous, until } = (typeof settings === 'object' && settings !== null ? settings : {}) as {
    multiple?: unknown;
    anonymous?: unknown;
    until?: unknown;
  };
  return {
    choices: readChoices(choicesOf(doc), unreadable),
    multiple: multiple === true,
    anonymous: anonymous === true,
    until: readTime(until),
  };
}

/** The choices that lie in a map, be it a thread's own or inside a block of a page. */
export function readChoices(stored: Y.Map<unknown>, unreadable: string[] = []): readonly Choice[] {
  const choices: { id: string; order: string; text: string }[] = [];
  for (const [id, entry] of entriesOf(stored, 'choices', unreadable)) {
    if (readRemoval(entry).kind === 'removed') continue;
    choices.push({ id, order: orderOf(entry), text: lineOf(entry.get('text')) });
  }
  return choices
    .sort(compareSiblings)
    .slice(0, MOST_CHOICES)
    .map(({ id, text }) => ({ id, text }));
}

/** The caller opens the transaction. The rules are said once, when the poll begins. */
export function writePollSettings(doc: Y.Doc, { choices = [], multiple, anonymous, until }: PollSettings): void {
  metaOf(doc).set('poll', { multiple: multiple === true, anonymous: anonymous === true, until: until ?? null });
  const { orders } = placeRun([], 0, choices.length, doc.clientID);
  for (const [at, text] of choices.entries()) writeChoice(choicesOf(doc), text, orders[at] ?? '');
}

/** The caller opens the transaction; the map may be in no document yet. */
export function writeChoice(stored: Y.Map<unknown>, text: string, order: string): string {
  const line = text.trim();
  if (line === '' || line.length > LONGEST_CHOICE) {
    throw new AppError('bad-input', `A choice has 1 to ${LONGEST_CHOICE} signs. Nothing was changed.`);
  }
  const id = randomId();
  const entry = new Y.Map<unknown>();
  entry.set('text', newLine(line));
  entry.set('order', order);
  stored.set(id, entry);
  return id;
}

/** A further choice, behind the others. */
export function addChoice(doc: Y.Doc, text: string, origin: unknown = null): string {
  return doc.transact(() => addChoiceIn(choicesOf(doc), text), origin);
}

/** The same for any map of choices in a document; the caller opens the transaction. */
export function addChoiceIn(stored: Y.Map<unknown>, text: string): string {
  const siblings = readChoices(stored).map(({ id }) => {
    const entry = stored.get(id);
    return { id, order: entry instanceof Y.Map ? orderOf(entry as Y.Map<unknown>) : '' };
  });
  if (siblings.length >= MOST_CHOICES) {
    throw new AppError('bad-input', `A poll has at most ${MOST_CHOICES} choices. Nothing was changed.`);
  }
  const { orders } = placeRun(siblings, siblings.length, 1, stored.doc?.clientID ?? 0);
  return writeChoice(stored, text, orders[0] ?? '');
}

/**
 * What the votes say, the same on every computer that has the same votes. A vote cast in time counts whenever it arrives; of several
 * choices in a poll for one the first known counts.
 */
export function tallyOf(poll: Poll, votes: ReadonlyMap<string, Vote>): Tally {
  const byChoice = new Map<string, string[]>(poll.choices.map(({ id }) => [id, []]));
  const late: string[] = [];
  let voters = 0;
  for (const [member, vote] of votes) {
    if (!isDocumentId(member)) continue;
    if (poll.until !== null && vote.at > poll.until) {
      late.push(member);
      continue;
    }
    const known = vote.choices.filter((choice) => byChoice.has(choice));
    const counted = poll.multiple ? known : known.slice(0, 1);
    for (const choice of counted) byChoice.get(choice)?.push(member);
    if (counted.length > 0) voters += 1;
  }
  for (const members of byChoice.values()) members.sort();
  return { byChoice, voters, late: late.sort() };
}
