// What text with people, pages and files in it needs to know of where it stands, handed down by context. Without it names are those that were written.
import { createContext, type Component } from 'svelte';
import type { Suggestion } from './suggestion.ts';

export interface TextContext {
  /** '' where it is not known. */
  readonly memberName: (member: string) => string;
  /** null where it is not here. */
  readonly pageTitle: (page: string) => string | null;
  readonly openPage: (page: string, anchor: string) => void;
  /** Draws an attachment of this space. */
  readonly File: Component<{ readonly blob: string; readonly name: string; readonly picture: boolean }>;
  /** What is offered while somebody writes, best first. */
  readonly people: (query: string) => readonly Suggestion[];
  readonly pages: (query: string) => readonly Suggestion[];
  /** Takes a file in; rejects with what people can read. */
  readonly addFile: (file: File) => Promise<{ readonly blob: string; readonly picture: boolean }>;
}

const [get, set] = createContext<TextContext>();

/** Only while a component is being set up; null where nothing was handed down. */
export function textContext(): TextContext | null {
  try {
    return get();
  } catch {
    return null; // Svelte's own way to say that nobody set it.
  }
}
export const provideTextContext = set;
