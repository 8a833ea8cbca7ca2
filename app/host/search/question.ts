// What the index is asked and what it answers, as plain data that crosses into its thread. It knows ids alone: names were made ids before.
import type { Term } from '../../../shared/model/search/query.ts';
import type { Excerpt } from '../../../shared/model/search/highlight.ts';
import type { ThreadType } from '../../../shared/model/thread/facts.ts';
import type { Facts, PieceClass, UnitKind } from './pieces.ts';

/** Of what kind a thing, or the words found in it, may be. */
export interface Wanted {
  readonly kinds: readonly UnitKind[];
  readonly threads: readonly ThreadType[];
  readonly classes: readonly PieceClass[];
}

/** A space, or certain documents of any. */
export type Within = { readonly space: string } | { readonly documents: readonly string[] };

export interface Question {
  readonly workspace: string;
  /** Spaces that may be looked into, of people `@` and their id; nothing else is. */
  readonly spaces: readonly string[];
  readonly terms: readonly Term[];
  /** Any of it; null: whatever it is. */
  readonly types: Wanted | null;
  readonly notTypes: Wanted | null;
  /** Any of them; null: whoever wrote it. */
  readonly by: readonly string[] | null;
  readonly notBy: readonly string[];
  readonly within: readonly Within[] | null;
  readonly notWithin: readonly Within[];
  /** All of them. */
  readonly tags: readonly string[];
  readonly notTags: readonly string[];
  readonly flags: number;
  readonly notFlags: number;
  /** At this time or later; before this time (ms). */
  readonly after: number | null;
  readonly before: number | null;
  /** By document, a time that stands in no document and counts where `after` and `before` are asked. */
  readonly lately: readonly (readonly [room: string, at: number])[];
  readonly now: number;
  readonly most: number;
  /** Things to leave out at the beginning. */
  readonly skip: number;
  /** Places of one thing that are shown. */
  readonly passages: number;
}

export interface Passage {
  readonly place: string;
  readonly class: PieceClass;
  readonly by: string | null;
  readonly at: number;
  readonly excerpt: Excerpt;
}

export interface Hit {
  readonly unit: string;
  readonly facts: Facts;
  readonly flags: number;
  readonly at: number;
  readonly title: Excerpt;
  readonly passages: readonly Passage[];
}

export interface Answer {
  readonly hits: readonly Hit[];
  readonly total: number;
  /** False: there may be fewer than `total`, for not all of them were read. */
  readonly exact: boolean;
  /** How many there are of each kind when the types that were asked for are left aside. */
  readonly kinds: Readonly<Partial<Record<UnitKind, number>>>;
  /** Words that stand there instead of what was typed. */
  readonly similar: readonly string[];
  /** In the index, of all workspaces. */
  readonly rooms: number;
}
