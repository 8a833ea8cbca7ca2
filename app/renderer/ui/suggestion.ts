// A row that is offered while somebody writes, and what taking it puts into the text. It draws nothing.
import type { Component } from 'svelte';

export interface Suggestion {
  /** Unique among those that are offered together. */
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly icon: Component | null;
  /** As it is shown in the field, in the place of the sign and the query. */
  readonly shown: string;
  /** The Markdown that it stands for; null where what is shown is that. */
  readonly stored: string | null;
  /** The caret stands so many signs before the end of what is put in. */
  readonly back?: number;
  /** Done besides. */
  readonly run?: () => void;
}
