// The block that an address names: by its id, or by what a heading says, as other programs write it. Pure.

export interface AnchorBlock {
  readonly id: string;
  readonly isHeading: boolean;
  readonly text: string;
}

/** The block's id, or null when nothing of the page is meant by the anchor. An id goes before a heading. */
export function findAnchor(blocks: Iterable<AnchorBlock>, anchor: string): string | null {
  const words = plain(anchor);
  const slug = slugOf(words);
  let heading: string | null = null;
  for (const { id, isHeading, text } of blocks) {
    if (id === anchor) return id;
    if (heading !== null || !isHeading || words === '') continue;
    if (text.trim().toLowerCase() === words.toLowerCase() || (slug !== '' && slugOf(text) === slug)) heading = id;
  }
  return heading;
}

/** Of a path of headings (`Part#Chapter`) the last one. */
function plain(anchor: string): string {
  let words = anchor;
  try {
    words = decodeURIComponent(anchor);
  } catch {
    // A sign of per cent that escapes nothing is one.
  }
  return words.slice(words.lastIndexOf('#') + 1).trim();
}

/** As sites make addresses of headings: lower case, words joined by hyphens, signs left out. */
function slugOf(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]+/gu, '')
    .trim()
    .replace(/\s+/g, '-');
}
