// What members answer to the blocks of a page that ask (docs/documents.md, PG16): one answer a member and block, however many devices. Total; no command reads a clock.
import type * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { answersOf } from '../document/roots.ts';
import { cutLine } from '../document/title.ts';
import type { Poll } from '../thread/poll.ts';
import type { Vote } from '../thread/votes.ts';

export interface Answer extends Vote {
  /** Whoever answered was told that no name is shown. */
  readonly unnamed: boolean;
}

export interface NewAnswer {
  readonly member: string;
  /** Ids of a poll's choices; none where something was done. */
  readonly choices: readonly string[];
  readonly at: number;
  readonly unnamed?: boolean;
}

const MOST_CHOICES = 256;
/** Longer ids of blocks come from no honest writer. */
const LONGEST_BLOCK = 512;
const NONE: ReadonlyMap<string, Answer> = new Map();

/** By block, then member, both sorted; what cannot be read is named in `unreadable`. */
export function readAnswers(doc: Y.Doc, unreadable: string[] = []): ReadonlyMap<string, ReadonlyMap<string, Answer>> {
  const found: { block: string; member: string; answer: Answer }[] = [];
  for (const [key, value] of answersOf(doc).entries()) {
    const at = key.lastIndexOf('/');
    const [block, member] = [key.slice(0, Math.max(0, at)), key.slice(at + 1)];
    const answer = readAnswer(value);
    if (answer && block !== '' && block.length <= LONGEST_BLOCK && isDocumentId(member)) {
      found.push({ block, member, answer });
    } else unreadable.push(`answers/${cutLine(key)}`);
  }
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  found.sort((a, b) => order(a.block, b.block) || order(a.member, b.member));
  const byBlock = new Map<string, Map<string, Answer>>();
  for (const { block, member, answer } of found) {
    const ofBlock = byBlock.get(block);
    if (ofBlock) ofBlock.set(member, answer);
    else byBlock.set(block, new Map([[member, answer]]));
  }
  return byBlock;
}

/** By member. */
export function answersTo(doc: Y.Doc, block: string): ReadonlyMap<string, Answer> {
  return readAnswers(doc).get(block) ?? NONE;
}

/** Whether names are shown: not where the poll says so now, nor where somebody voted while it did. */
export function showsNames(poll: Poll, answers: ReadonlyMap<string, Answer>): boolean {
  return !poll.anonymous && ![...answers.values()].some(({ unnamed }) => unnamed);
}

/** A member's answer, instead of an earlier one. */
export function answerBlock(doc: Y.Doc, block: string, answer: NewAnswer, origin: unknown = null): void {
  const { member, choices, at, unnamed = false } = answer;
  doc.transact(() => {
    answersOf(doc).set(keyOf(block, member), { choices: [...choices], at, ...(unnamed ? { unnamed } : {}) });
  }, origin);
}

export function takeBackAnswer(doc: Y.Doc, block: string, member: string, origin: unknown = null): void {
  doc.transact(() => {
    if (answersOf(doc).has(keyOf(block, member))) answersOf(doc).delete(keyOf(block, member));
  }, origin);
}

function keyOf(block: string, member: string): string {
  return `${block}/${member}`;
}

function readAnswer(value: unknown): Answer | null {
  if (typeof value !== 'object' || value === null) return null;
  const { choices, at, unnamed } = value as { choices?: unknown; at?: unknown; unnamed?: unknown };
  if (!Array.isArray(choices)) return null;
  return {
    choices: [...new Set((choices as unknown[]).slice(0, MOST_CHOICES).filter(isDocumentId))],
    at: readTime(at) ?? 0,
    unnamed: unnamed === true,
  };
}
