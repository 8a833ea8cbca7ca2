// A tag: what people type, as it is shown and as it is told apart. Pure; where tags stand is not here.

/** UTF-16 code units of a tag as it is shown. */
export const LONGEST_TAG = 50;

export interface Tag {
  /** What tells tags apart: case does not. */
  readonly key: string;
  readonly name: string;
}

// eslint-disable-next-line no-control-regex -- control characters are what this takes out
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/g;

/** One line without control and direction characters, cut between characters; '' for what has nothing to show. */
export function shortLine(text: string, longest: number): string {
  const line = text
    .slice(0, longest * 4)
    .replace(UNSEEN, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= longest) return wellFormed(line);
  return wellFormed(line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')).trim();
}

/** Half surrogate pairs cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}

/** The tag that a text names, a `#` in front or not; null where nothing is left of it. Commas part tags and are in none. */
export function tagOf(text: string): Tag | null {
  const name = shortLine(
    text
      .replace(/,/g, ' ')
      .normalize('NFC')
      .replace(/^[\s#]+/u, ''),
    LONGEST_TAG,
  );
  return name === '' ? null : { key: name.toLowerCase(), name };
}
