// Addresses of pages, read and written here alone: `page:<document id>` inside a workspace, `caravan://page/<workspace>/<document id>` for
// whoever has it; each with an optional `#<block id or heading>`.
import { isDocumentId } from '../document/meta.ts';

export interface PageAddress {
  readonly page: string;
  /** A block's id, or what a heading says; '' for the whole page. */
  readonly anchor: string;
}

const LONGEST_ANCHOR = 200;

/** Null for every other address. */
export function readPageLink(url: string): PageAddress | null {
  if (!url.startsWith('page:')) return null;
  const hash = url.indexOf('#');
  const page = url.slice('page:'.length, hash < 0 ? undefined : hash);
  const anchor = hash < 0 ? '' : url.slice(hash + 1);
  if (!isDocumentId(page) || anchor.length > LONGEST_ANCHOR || /\s/.test(anchor)) return null;
  return { page, anchor };
}

/** A heading's words, or a block's id, so that they can stand in an address: white space and brackets escaped, the rest as it is. */
export function asAnchor(words: string): string {
  const escaped = words
    .trim()
    .replace(/[\s()<>]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);
  return escaped.slice(0, LONGEST_ANCHOR).replace(/[\ud800-\udbff]$|%[0-9A-F]?$/, '');
}

export function pageLink(page: string, anchor = ''): string {
  return anchor === '' ? `page:${page}` : `page:${page}#${anchor}`;
}

const OUTSIDE = 'caravan://page/';

/** What is copied to be sent to somebody: it says nothing but ids, and opens for those who may read the page. */
export function workspaceLink(workspace: string, { page, anchor }: PageAddress): string {
  return `${OUTSIDE}${workspace}/${page}${anchor === '' ? '' : `#${asAnchor(anchor)}`}`;
}

/** Null for every other text. */
export function readWorkspaceLink(text: string): (PageAddress & { readonly workspace: string }) | null {
  if (!text.startsWith(OUTSIDE)) return null;
  const path = text.slice(OUTSIDE.length);
  const slash = path.indexOf('/');
  const workspace = path.slice(0, Math.max(0, slash));
  // What follows the page is its anchor, and a heading's words may hold any sign.
  const address = readPageLink(`page:${path.slice(slash + 1)}`);
  return address && isDocumentId(workspace) ? { ...address, workspace } : null;
}
