// The signs that open a menu while somebody writes plain text: which one stands before the caret, and what was typed behind it. Pure.

export type TriggerSign = '@' | '[[' | ':' | '/';

export interface TextTrigger {
  readonly sign: TriggerSign;
  /** Where the sign begins. */
  readonly from: number;
  readonly query: string;
}

const PATTERNS: readonly (readonly [TriggerSign, RegExp])[] = [
  ['[[', /\[\[([^\n[\]]{0,60})$/],
  ['@', /(?:^|[\s(])@((?:[^\s@]+ ?){0,3})$/u],
  // Two letters: a colon alone, or in a time, is a colon.
  [':', /(?:^|\s):([a-z][a-z0-9_+-]{1,29})$/i],
  ['/', /(?:^|\n)\/([a-z0-9-]{0,20})$/i],
];
const LONGEST = 80;

/** @param text up to the caret. Inside a code block nothing opens. */
export function triggerBefore(text: string): TextTrigger | null {
  const fences = text.match(/^(?:```|~~~)/gm)?.length ?? 0;
  if (fences % 2 === 1) return null;
  const tail = text.slice(-LONGEST);
  for (const [sign, pattern] of PATTERNS) {
    const query = pattern.exec(tail)?.[1];
    // A start of a line that the cut made is none.
    if (query === undefined || query.length + sign.length > LONGEST - 2) continue;
    return { sign, from: text.length - query.length - sign.length, query };
  }
  return null;
}
