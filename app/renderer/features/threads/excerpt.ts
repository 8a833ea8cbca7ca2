// One line out of a post's Markdown, as people read it: without signs, names in the place of ids. Pure.
import { plainText } from '../../../../shared/model/markdown/plain-text.ts';

const LONGEST = 100;

export function excerptOf(text: string): string {
  const line = plainText(text, 4 * LONGEST);
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
