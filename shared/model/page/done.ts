// Who has done what a block of a page asks for ("I have done this"; docs/documents.md, PG15, PG16). Total; no command reads a clock.
import type * as Y from 'yjs';
import { bodyOf } from '../document/roots.ts';
import { answerBlock, answersTo, readAnswers, takeBackAnswer, type Answer } from './answers.ts';
import { readBlocks } from './read.ts';

export interface Completion {
  readonly member: string;
  /** When, by their clock. */
  readonly at: number;
}

/** What a page asks to be done, and who did it. */
export interface DoneBlock {
  readonly block: string;
  readonly text: string;
  readonly completions: readonly Completion[];
}

/** The members who have done it, each once: the first first. The same on every computer that has the same answers. */
export function completionsOf(answers: ReadonlyMap<string, Answer>): readonly Completion[] {
  return [...answers]
    .map(([member, { at }]) => ({ member, at }))
    .sort((a, b) => a.at - b.at || (a.member < b.member ? -1 : 1));
}

/** All of a page, in the order of its blocks. */
export function readDone(doc: Y.Doc): readonly DoneBlock[] {
  const answers = readAnswers(doc);
  return readBlocks(bodyOf(doc)).flatMap((block) => {
    if (block.type !== 'atom' || block.kind !== 'done') return [];
    return [
      {
        block: block.id,
        text: block.props.ask?.text ?? '',
        completions: completionsOf(answers.get(block.id) ?? new Map()),
      },
    ];
  });
}

/** A member has done it. Who said so before keeps that date. */
export function setDone(doc: Y.Doc, block: string, { member, at }: Completion, origin: unknown = null): void {
  if (answersTo(doc, block).has(member)) return;
  answerBlock(doc, block, { member, choices: [], at }, origin);
}

export function takeBackDone(doc: Y.Doc, block: string, member: string, origin: unknown = null): void {
  takeBackAnswer(doc, block, member, origin);
}
