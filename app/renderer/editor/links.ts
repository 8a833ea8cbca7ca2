// Which addresses a link on a page may lead to. What is not allowed never becomes a link and is never opened.

const PAGE_LINK = /^page:[A-Za-z0-9_-]{1,64}(#[^\s]{0,200})?$/;
const MAX_LENGTH = 2_000;

/** The address in a safe form, or null: http, https, mailto and `page:<document>` links are all there is. */
export function safeHref(raw: unknown): string | null {
  if (typeof raw !== 'string' || raw.length > MAX_LENGTH) return null;
  // Browsers skip control characters inside a scheme, so they are gone before the scheme is judged.
  const href = [...raw.trim()].filter((character) => character >= ' ' && character !== '\u007f').join('');
  if (PAGE_LINK.test(href)) return href;
  if (!/^(https?:\/\/|mailto:)/i.test(href)) return null;
  try {
    const { protocol } = new URL(href);
    return protocol === 'http:' || protocol === 'https:' || protocol === 'mailto:' ? href : null;
  } catch {
    return null;
  }
}

/** Whether the link stays inside the workspace. */
export function isPageLink(href: string): boolean {
  return PAGE_LINK.test(href);
}

/** The address that a clipboard text is, when it is one address and nothing else. */
export function asSingleUrl(text: string): string | null {
  const trimmed = text.trim();
  if (/\s/.test(trimmed)) return null;
  return safeHref(trimmed);
}
