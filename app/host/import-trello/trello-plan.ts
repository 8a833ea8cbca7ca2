// What a Trello export becomes here, before anything is written: plain data with Trello's own ids. It writes no document.
import type { Colour } from '../../../shared/model/board/stored.ts';
import type { FieldKind } from '../../../shared/model/board/definitions.ts';
import type { LeftBehind } from './left-behind.ts';

export interface PlannedColumn {
  readonly source: string;
  readonly name: string;
  /** Its cards are archived; the column itself is not shown. */
  readonly archived: boolean;
  readonly colour: Colour | null;
  /** A soft WIP limit. */
  readonly limit: number | null;
}

export interface PlannedLabel {
  readonly source: string;
  readonly name: string;
  readonly colour: Colour | null;
}

/** Whoever the export names. Who that is here is asked before anything is written. */
export interface PlannedMember {
  readonly source: string;
  readonly name: string;
  /** Without the `@`; '' where the export does not say it. */
  readonly username: string;
  readonly cards: number;
  readonly comments: number;
}

export interface PlannedField {
  readonly source: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly choices: readonly PlannedLabel[];
}

export interface PlannedChecklist {
  readonly name: string;
  readonly items: readonly {
    readonly text: string;
    readonly checked: boolean;
    readonly due: number | null;
    /** A planned member. */
    readonly member: string | null;
  }[];
}

export interface PlannedComment {
  /** A planned member, or null where the export does not name the author. */
  readonly author: string | null;
  /** Milliseconds since the epoch; 0 where the export does not say it. */
  readonly at: number;
  /** Markdown. */
  readonly text: string;
}

/** The bytes of an upload are not in an export; its address needs a session at Trello. */
export interface PlannedAttachment {
  readonly name: string;
  /** http or https, or null where there is no such address. */
  readonly url: string | null;
  readonly uploaded: boolean;
  readonly bytes: number | null;
  /** A planned member, or null. */
  readonly by: string | null;
  readonly at: number | null;
}

export interface PlannedCard {
  readonly source: string;
  /** What addresses of the card end in; '' where the export does not say it. */
  readonly shortLink: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  /** A planned column, or null: "Unsorted". */
  readonly column: string | null;
  /** By itself, or with its list. */
  readonly archived: boolean;
  readonly createdAt: number | null;
  /** A planned member. */
  readonly createdBy: string | null;
  readonly start: number | null;
  readonly due: number | null;
  readonly complete: boolean;
  readonly members: readonly string[];
  readonly labels: readonly string[];
  readonly checklists: readonly PlannedChecklist[];
  readonly comments: readonly PlannedComment[];
  readonly attachments: readonly PlannedAttachment[];
  /** Times in milliseconds; of a choice its source. */
  readonly values: readonly { readonly field: string; readonly value: string | number }[];
}

export interface TrelloPlan {
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  readonly columns: readonly PlannedColumn[];
  readonly labels: readonly PlannedLabel[];
  readonly members: readonly PlannedMember[];
  readonly fields: readonly PlannedField[];
  /** In the order of their columns and places. */
  readonly cards: readonly PlannedCard[];
  readonly left: readonly LeftBehind[];
}

export type TrelloReading =
  | { readonly kind: 'plan'; readonly plan: TrelloPlan }
  /** A sentence for people. */
  | { readonly kind: 'refused'; readonly message: string };
