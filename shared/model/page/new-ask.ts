// What a block asks, read from whatever a clipboard, an importer or a file gives. It touches no document.
import { readTime } from '../document/meta.ts';
import { cutLine } from '../document/title.ts';
import { LONGEST_CHOICE, MOST_CHOICES } from '../thread/poll.ts';
import type { AskContent } from './block.ts';
import { wellFormed } from './well-formed.ts';

/** Null for what asks nothing. Never throws; choices that are empty, too long or too many are left out. */
export function readNewAsk(value: unknown): AskContent | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { text, choices, multiple, anonymous, until } = value as Readonly<Record<string, unknown>>;
  return {
    text: typeof text === 'string' ? askLine(text) : '',
    choices: (Array.isArray(choices) ? (choices as unknown[]) : [])
      .flatMap((choice) => (typeof choice === 'string' ? askLine(choice) : []))
      .filter((choice) => choice !== '' && choice.length <= LONGEST_CHOICE)
      .slice(0, MOST_CHOICES),
    multiple: multiple === true,
    anonymous: anonymous === true,
    until: readTime(until),
  };
}

/** One line without white space around it. */
export function askLine(text: string): string {
  return cutLine(wellFormed(text)).trim();
}
