// Links in Markdown source that lead to other pages: relative paths and wikilinks; what they resolve to is asked for.

/** A link as written. Absolute URLs and bare anchors are not among them. */
export interface FoundLink {
  readonly kind: 'relative' | 'wiki';
  /** The path or page name, without the anchor; percent escapes decoded. */
  readonly target: string;
  /** Without '#'; '' where there is none. */
  readonly anchor: string;
  /** Exactly as written. */
  readonly written: string;
}

/** The link's new URL (such as `page:<id>#anchor`), or null to leave it as it is. */
export type ResolveLink = (link: FoundLink) => string | null;

const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** The link that a URL is, or null for what does not lead to another file. */
export function relativeLink(url: string): FoundLink | null {
  if (url === '' || url.startsWith('#') || url.startsWith('//') || url.startsWith('?') || SCHEME.test(url)) return null;
  if (/^\{[{%]/.test(url)) return null; // A template call in the place of a URL.
  const hash = url.indexOf('#');
  const path = (hash < 0 ? url : url.slice(0, hash)).replace(/\?.*$/s, '');
  if (path === '') return null;
  return { kind: 'relative', target: decoded(path), anchor: hash < 0 ? '' : url.slice(hash + 1), written: url };
}

/** A wikilink inside text: `[[page]]`, `[[page#heading]]`, `[[page|shown]]`; `![[...]]` is an embed and is not one. */
export const WIKILINK = /(?<![!\\[])\[\[([^[\]\n|#]+)(#[^[\]\n|]*)?(?:\|([^[\]\n|]+))?\]\](?!\])/g;

export function wikiLink(match: RegExpMatchArray): { link: FoundLink; shown: string } {
  const [written, target = '', anchor = '', alias] = match;
  return {
    link: { kind: 'wiki', target: target.trim(), anchor: anchor.slice(1), written },
    shown: alias ?? `${target}${anchor}`,
  };
}

const UNSAFE = 'unsafe:';
const ACTIVE = /^(?:unsafe:)*(?:javascript|vbscript|data):/i;

/** Browsers skip white space and control characters in front of a scheme and inside it. */
function isActive(url: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what this takes out
  return ACTIVE.test(url.replace(/[\u0000-\u0020\u007f]+/g, ''));
}

/** A destination as it is written: one that would run where another program shows the Markdown gets `unsafe:` in front. */
export function writtenUrl(url: string): string {
  return isActive(url) ? `${UNSAFE}${url}` : url;
}

/** The destination that was written so. */
export function readUrl(written: string): string {
  const url = written.startsWith(UNSAFE) ? written.slice(UNSAFE.length) : written;
  return isActive(url) ? url : written;
}

/** Replaces `page:` destinations in raw Markdown, where they stand behind `](` or `]:`; everything else stays. */
export function replacePageLinks(raw: string, replace: (url: string) => string | null): string {
  return raw.replace(/(\](?:\(|:)\s{0,3}<?)(page:[^\s()<>]+)/g, (all: string, before: string, url: string) => {
    const other = replace(url);
    return other === null ? all : before + other;
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
