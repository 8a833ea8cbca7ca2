// What members answered to the blocks of a page that ask, as plain data and back: for files. Blocks and choices are named by their order, since an import gives them new ids.
import * as Y from 'yjs';
import { answersOf, bodyOf } from '../document/roots.ts';
import type { Poll } from '../thread/poll.ts';
import { answerBlock, readAnswers, showsNames, type Answer } from './answers.ts';
import { isAskKind, readAskOf } from './ask.ts';
import { readBlocks } from './read.ts';

export interface PlainAnswer {
  readonly member: string;
  /** Choices by their place among those that the poll shows. */
  readonly choices: readonly number[];
  readonly at: number;
  readonly unnamed: boolean;
}

/** For each block that asks, in their order. */
export type PlainAnswers = readonly (readonly PlainAnswer[])[];

interface Asking {
  readonly block: string;
  readonly poll: Poll;
}

function asksOf(doc: Y.Doc): readonly Asking[] {
  const markers = new Map<string, Y.Map<unknown>>();
  for (const { insert } of bodyOf(doc).toDelta() as readonly { readonly insert?: unknown }[]) {
    if (!(insert instanceof Y.Map)) continue;
    const marker = insert as Y.Map<unknown>;
    const id = marker.get('id');
    if (isAskKind(marker.get('kind')) && typeof id === 'string' && !markers.has(id)) markers.set(id, marker);
  }
  return readBlocks(bodyOf(doc)).flatMap((block) => {
    if (block.type !== 'atom' || !isAskKind(block.kind)) return [];
    const marker = markers.get(block.id);
    return [{ block: block.id, poll: marker ? readAskOf(marker).poll : NO_POLL }];
  });
}

const NO_POLL: Poll = { choices: [], multiple: false, anonymous: false, until: null };

/** Of a poll without names nobody is named (EX3). */
export function readPlainAnswers(doc: Y.Doc): PlainAnswers {
  if (answersOf(doc).size === 0) return [];
  const answers = readAnswers(doc);
  return asksOf(doc).map(({ block, poll }) => {
    const given = answers.get(block) ?? new Map<string, Answer>();
    const places = new Map(poll.choices.map(({ id }, at) => [id, at]));
    const plain = [...given].map(([member, { choices, at, unnamed }]) => ({
      member,
      choices: choices.flatMap((id) => places.get(id) ?? []),
      at,
      unnamed,
    }));
    return showsNames(poll, given) ? plain : withoutNames(plain, poll.until);
  });
}

function withoutNames(given: readonly PlainAnswer[], until: number | null): readonly PlainAnswer[] {
  const counted = given.filter(({ at }) => until === null || at <= until);
  const end = endOf(counted);
  return counted
    .map(({ choices }) => choices)
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    .map((choices, at) => ({ member: `voter-${String(at + 1)}`, choices, at: end, unnamed: true }));
}

function endOf(given: readonly PlainAnswer[]): number {
  return given.reduce((last, { at }) => Math.max(last, at), 0);
}

/** When a block that asks ends by going out: one whose voters are not named any more. By block. */
export function endsOfUnnamed(doc: Y.Doc): ReadonlyMap<string, number> {
  if (answersOf(doc).size === 0) return new Map();
  const answers = readAnswers(doc);
  return new Map(
    asksOf(doc).flatMap(({ block, poll }) => {
      const given = answers.get(block) ?? new Map<string, Answer>();
      if (given.size === 0 || showsNames(poll, given)) return [];
      const inTime = [...given.values()].filter(({ at }) => poll.until === null || at <= poll.until);
      return [[block, inTime.reduce((last, { at }) => Math.max(last, at), 0)] as const];
    }),
  );
}

/** Adds what nobody answered here yet. Answers whether something was added. The caller owns the transaction. */
export function addPlainAnswers(doc: Y.Doc, answers: PlainAnswers): boolean {
  let isAdded = false;
  if (answers.every((given) => given.length === 0)) return isAdded;
  for (const [at, { block, poll }] of asksOf(doc).entries()) {
    for (const { member, choices, at: time, unnamed } of answers[at] ?? []) {
      if (answersOf(doc).has(`${block}/${member}`)) continue;
      const ids = choices.flatMap((place) => poll.choices[place]?.id ?? []);
      answerBlock(doc, block, { member, choices: ids, at: time, unnamed });
      isAdded = true;
    }
  }
  return isAdded;
}
