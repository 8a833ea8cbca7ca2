// What a block of a page asks of people (docs/documents.md, PG14, PG15): read from its marker without trust, and written. What they answer is in answers.ts.
import { generateNKeysBetween } from 'fractional-indexing';
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { entriesOf, lineOf, rewrite } from '../board/stored.ts';
import { readTime } from '../document/meta.ts';
import { markRemoved, readRemoval, unmarkRemoved } from '../document/removal.ts';
import { asOneLine, LONGEST_TITLE } from '../document/title.ts';
import { addChoiceIn, LONGEST_CHOICE, readChoices, writeChoice, type Poll } from '../thread/poll.ts';
import type { AskContent } from './block.ts';
import { askLine } from './new-ask.ts';
import { wellFormed } from './well-formed.ts';

/** Kinds of blocks that ask. */
export type AskKind = 'poll' | 'done';

/** A question with its choices, or what is to be done. */
export interface Ask {
  /** As it stands, while somebody may be typing in it. */
  readonly text: string;
  /** Of what is to be done: without choices. */
  readonly poll: Poll;
}

export const EMPTY_ASK: AskContent = Object.freeze({
  text: '',
  choices: Object.freeze([]),
  multiple: false,
  anonymous: false,
  until: null,
});

export function isAskKind(kind: unknown): kind is AskKind {
  return kind === 'poll' || kind === 'done';
}

/** Puts what is asked into a marker that is in no document yet. Its texts are made with it, so that two who type in one type in the same. */
export function fillAsk(marker: Y.Map<unknown>, ask: AskContent): void {
  marker.set('text', new Y.Text(askLine(ask.text)));
  const choices = new Y.Map<unknown>();
  const orders = generateNKeysBetween(null, null, ask.choices.length);
  for (const [at, choice] of ask.choices.entries()) writeChoice(choices, choice, orders[at] ?? '');
  marker.set('choices', choices);
  if (ask.multiple) marker.set('multiple', true);
  if (ask.anonymous) marker.set('anonymous', true);
  if (ask.until !== null) marker.set('until', ask.until);
}

/** Never throws, never writes. */
export function readAskOf(marker: Y.Map<unknown>): Ask {
  const stored = marker.get('choices');
  return {
    text: lineOf(marker.get('text')),
    poll: {
      choices: stored instanceof Y.Map ? readChoices(stored as Y.Map<unknown>) : [],
      multiple: marker.get('multiple') === true,
      anonymous: marker.get('anonymous') === true,
      until: readTime(marker.get('until')),
    },
  };
}

/** The same as what can be written elsewhere: choices without a word are left out. */
export function readAsk(marker: Y.Map<unknown>): AskContent {
  const { text, poll } = readAskOf(marker);
  const choices = poll.choices.map((choice) => askLine(choice.text)).filter((choice) => choice !== '');
  return { text: askLine(text), choices, multiple: poll.multiple, anonymous: poll.anonymous, until: poll.until };
}

/** Its words, a line each. */
export function askText({ text, choices }: AskContent): string {
  return [text, ...choices].filter((line) => line !== '').join('\n');
}

/** The entries of choices that were removed: what a copy leaves behind, because it has no such removal. */
export function removedChoices(marker: Y.Map<unknown>): Set<unknown> | undefined {
  const stored = isAskKind(marker.get('kind')) ? marker.get('choices') : null;
  if (!(stored instanceof Y.Map)) return undefined;
  const removed = new Set<unknown>();
  for (const [, entry] of entriesOf(stored as Y.Map<unknown>, '', [])) {
    if (readRemoval(entry).kind === 'removed') removed.add(entry);
  }
  return removed;
}

/** The question, or what is to be done. The caller opens the transaction, here and below. */
export function setAskText(marker: Y.Map<unknown>, text: string): void {
  rewrite(marker, 'text', wellFormed(text).slice(0, LONGEST_TITLE));
}

/** A further choice, behind the others. Answers its id. */
export function addChoiceTo(marker: Y.Map<unknown>, text: string): string {
  return addChoiceIn(choicesIn(marker), wellFormed(asOneLine(text)));
}

export function setChoice(marker: Y.Map<unknown>, choice: string, text: string): void {
  const line = wellFormed(asOneLine(text)).trim();
  if (line === '' || line.length > LONGEST_CHOICE) {
    throw new AppError('bad-input', `A choice has 1 to ${LONGEST_CHOICE} signs. Nothing was changed.`);
  }
  rewrite(choiceIn(marker, choice), 'text', line);
}

/** Votes for it stay stored, and count again when it comes back: by an undo, or by an edit that did not know of the removal. */
export function removeChoice(
  marker: Y.Map<unknown>,
  choice: string,
  removing: { readonly at: number; readonly by: string },
): void {
  markRemoved(choiceIn(marker, choice), removing.at, removing.by);
}

export function restoreChoice(marker: Y.Map<unknown>, choice: string): void {
  unmarkRemoved(choiceIn(marker, choice));
}

export type AskRules = Pick<Poll, 'multiple' | 'anonymous' | 'until'>;

/** The last writer of each counts. */
export function setAskRules(marker: Y.Map<unknown>, rules: Partial<AskRules>): void {
  for (const name of ['multiple', 'anonymous'] as const) {
    const wanted = rules[name];
    if (wanted === undefined || wanted === (marker.get(name) === true)) continue;
    if (wanted) marker.set(name, true);
    else marker.delete(name);
  }
  const { until } = rules;
  if (until === undefined || until === readTime(marker.get('until'))) return;
  if (until === null) marker.delete('until');
  else marker.set('until', until);
}

function choicesIn(marker: Y.Map<unknown>): Y.Map<unknown> {
  const stored = marker.get('choices');
  if (stored instanceof Y.Map) return stored as Y.Map<unknown>;
  throw new AppError(
    'not-found',
    'Another program wrote this poll in a way that cannot be edited. Nothing was changed.',
  );
}

function choiceIn(marker: Y.Map<unknown>, id: string): Y.Map<unknown> {
  const entry = choicesIn(marker).get(id);
  if (entry instanceof Y.Map) return entry as Y.Map<unknown>;
  throw new AppError('not-found', 'This choice is not on the page any more. Nothing was changed.', { details: { id } });
}
