// What the Markdown reader takes on: text beyond these limits is kept as one raw block instead of being parsed.

/**
 * Measured with remark 11 on a laptop: one paragraph with n opening and closing characters costs about n^2 x 6 ns, a line
 * about 70 us. At the limits a page takes some seconds; the largest page of a real handbook needs a hundredth of them.
 */
export const SOURCE_LIMITS = Object.freeze({
  /** Characters of one text. */
  characters: 2 * 1024 * 1024,
  lines: 40_000,
  /** The sum over the paragraphs of the square of the count of characters that open or close something. */
  pairings: 40_000_000,
  /** Block markers in front of one line: each is a level of nesting. */
  markers: 50,
  /** Cell borders: remark keeps some kB for each cell of a table. */
  borders: 40_000,
  /** Columns of white space in front of one line: a nested list needs two a level. */
  indentation: 400,
});

const MARKER = /^[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))/;
const PAIRING = /[[\]*_`<!~&\\@:^]/g;

/** Whether remark can read the text in bounded time and depth. */
export function isReadable(text: string): boolean {
  if (text.length > SOURCE_LIMITS.characters) return false;
  let lines = 0;
  let pairings = 0;
  let inParagraph = 0;
  let borders = 0;
  for (const line of linesOf(text)) {
    lines += 1;
    if (lines > SOURCE_LIMITS.lines || isDeep(line)) return false;
    for (let at = line.indexOf('|'); at >= 0; at = line.indexOf('|', at + 1)) borders += 1;
    if (borders > SOURCE_LIMITS.borders) return false;
    if (line.trim() === '') {
      inParagraph = 0;
      continue;
    }
    const count = line.match(PAIRING)?.length ?? 0;
    // (p + c)^2 - p^2: the running sum of squares without keeping the paragraphs.
    pairings += count * (2 * inParagraph + count);
    inParagraph += count;
    if (pairings > SOURCE_LIMITS.pairings) return false;
  }
  return true;
}

function isDeep(line: string): boolean {
  if (line.search(/[^ \t]/) > SOURCE_LIMITS.indentation) return true;
  let rest = line;
  for (let count = 0; ; count += 1) {
    const marker = MARKER.exec(rest);
    if (!marker) return false;
    if (count >= SOURCE_LIMITS.markers) return true;
    rest = rest.slice(marker[0].length);
  }
}

function* linesOf(text: string): Generator<string> {
  let start = 0;
  for (;;) {
    const end = text.indexOf('\n', start);
    yield end < 0 ? text.slice(start) : text.slice(start, end);
    if (end < 0) return;
    start = end + 1;
  }
}
