// The votes of a thread: choices of a poll, a vote for an idea, "me too" at a question, a confirmation of an announcement. Total; it writes nothing.
import type * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { votesOf } from '../document/roots.ts';
import { cutLine } from '../document/title.ts';

export interface Vote {
  /** Ids of choices, each once; empty but in a poll. */
  readonly choices: readonly string[];
  /** By the voter's clock. */
  readonly at: number;
}

const MOST_CHOICES = 256;

/** By member, sorted by member; what cannot be read is named in `unreadable`. */
export function readVotes(doc: Y.Doc, unreadable: string[]): ReadonlyMap<string, Vote> {
  const votes: [string, Vote][] = [];
  for (const [member, value] of votesOf(doc).entries()) {
    const vote = readVote(value);
    if (vote && isDocumentId(member)) votes.push([member, vote]);
    else unreadable.push(`votes/${cutLine(member)}`);
  }
  return new Map(votes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readVote(value: unknown): Vote | null {
  if (typeof value !== 'object' || value === null) return null;
  const { choices, at } = value as { choices?: unknown; at?: unknown };
  if (!Array.isArray(choices)) return null;
  return {
    choices: [...new Set((choices as unknown[]).slice(0, MOST_CHOICES).filter(isDocumentId))],
    at: readTime(at) ?? 0,
  };
}
