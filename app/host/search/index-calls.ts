// What the host says to the thread of an index, and what it answers: plain data, one answer a call, in the order of the calls. It does nothing.
import type { IndexSize, IndexState } from './index-engine.ts';
import type { Answer, Question } from './question.ts';

export interface IndexCalls {
  /** First of all. Answers how far what is in the folder was read. */
  readonly open: (params: { readonly folder: string }) => IndexState;
  /** A room as it is stored; an empty list for one that is to be found no more. Answers whether anything is different. */
  readonly put: (params: { readonly room: string; readonly updates: readonly Uint8Array[] }) => {
    readonly changed: boolean;
  };
  /** Rooms whose names begin so. */
  readonly drop: (params: { readonly prefix: string }) => { readonly changed: boolean };
  /** Keeps what was said before, with how far rooms are read from now on. */
  readonly state: (params: IndexState) => null;
  readonly find: (question: Question) => Answer;
  readonly size: (params: null) => IndexSize;
  /** Leaves nothing on the disk of what was taken out. */
  readonly compact: (params: null) => null;
  /** Last of all. */
  readonly close: (params: null) => null;
}

export type IndexCall = keyof IndexCalls;
export type CallOf<N extends IndexCall> = Parameters<IndexCalls[N]>[0];
export type AnswerOf<N extends IndexCall> = ReturnType<IndexCalls[N]>;

export interface Asked {
  readonly id: number;
  readonly call: IndexCall;
  readonly params: unknown;
}

export type Answered = { readonly id: number } & (
  | { readonly answer: unknown }
  /** `damaged`: what lies on the disk is not what was written. */
  | { readonly failed: 'damaged' | 'failed'; readonly message: string }
);
