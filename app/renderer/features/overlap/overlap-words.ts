// What is said of an overlap: who did what, what each version is, who settled it how. Pure.
import type { OverlapEntry, OverlapVersion } from '../../../contract/overlap.ts';
import type { OverlapChoice } from '../../../../shared/model/overlap/settle.ts';
import { dayWords, fullTime } from '../../window/times.ts';

const STATES: Readonly<Record<string, string>> = {
  new: 'new',
  review: 'under review',
  planned: 'planned',
  done: 'done',
  declined: 'declined',
};

const KINDS: Readonly<Record<string, string>> = {
  paragraph: 'a paragraph',
  bullet: 'a bulleted list item',
  ordered: 'a numbered list item',
  check: 'a check list item',
  toggle: 'a toggle',
  quote: 'a quote',
  callout: 'a callout',
  code: 'a code block',
};

export function isMove({ place }: OverlapEntry): boolean {
  return place.at === 'card' && place.key === 'column';
}

/** Both versions are words, which can be made one. */
export function isText({ mine, theirs }: OverlapEntry): boolean {
  return [mine, theirs].every(({ value }) => value === null || value.is !== 'value');
}

/** @param name of the other; '' where it is I, at another computer. */
export function sentenceOf(entry: OverlapEntry, name: string, now: number, nameOf: (member: string) => string): string {
  const { mine, theirs, what } = entry;
  const [own, other] = [mine, theirs].map((one) => versionWords(entry, one, now, nameOf));
  if (isMove(entry)) {
    return name === ''
      ? `You moved it to ${other ?? ''} on another computer while you moved it to ${own ?? ''} on this one.`
      : `${name} moved it to ${other ?? ''} while you moved it to ${own ?? ''}.`;
  }
  return name === ''
    ? `You changed ${what} on this computer and on another one, apart.`
    : `You and ${name} both changed ${what} while apart.`;
}

/** What a version comes to, where it is no text. */
export function versionWords(
  { place }: OverlapEntry,
  { value, label }: OverlapVersion,
  now: number,
  nameOf: (member: string) => string,
): string {
  const said = value?.is === 'value' ? value.value : null;
  const inner = place.at === 'card' ? (place.inner ?? place.key) : '';
  if (place.at === 'block' && place.part === 'kind') return kindWords(said);
  if (place.at === 'block' && place.part === 'indent')
    return said === 0 ? 'not indented' : `indented ${String(said)} times`;
  if (place.at === 'block' || inner === 'checked') return said === true ? 'ticked' : 'not ticked';
  if (place.at === 'state' && typeof said === 'object' && said !== null) {
    const { state, reason } = said as { state?: unknown; reason?: unknown };
    const name = STATES[String(state)] ?? 'new';
    return typeof reason === 'string' && reason !== '' ? `${name}: ${reason}` : name;
  }
  if (place.at === 'vote') return said === null ? 'no vote' : label || 'a vote';
  if (said === null || said === undefined) return label || 'nothing';
  if (inner === 'due' || inner === 'start') {
    return typeof said === 'number' ? fullTime(said) : typeof said === 'string' ? dayWords(said, now) : 'nothing';
  }
  if (typeof said === 'string' && (inner === 'member' || label === said)) return nameOf(said) || label || said;
  return label || 'something else';
}

function kindWords(value: unknown): string {
  const { kind, level } = (value ?? {}) as { kind?: unknown; level?: unknown };
  if (kind === 'heading') return `a heading of level ${String(level)}`;
  return KINDS[String(kind)] ?? 'something else';
}

/** @param by a name; '' where it was I. */
export function settledWords(choice: OverlapChoice, by: string): string {
  const who = by || 'You';
  if (choice === 'combine') return `${who} combined both`;
  if (choice === 'left') return `${who} left it as it stood`;
  if (by === '') return choice === 'keep' ? 'You kept yours' : 'You took theirs';
  return choice === 'keep' ? `${who} kept theirs` : `${who} took yours`;
}
