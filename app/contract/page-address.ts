// The address of a page, or of a block in it, that people copy and paste: `caravan://page#<workspace>/<document>[/<block>]`.
// It names ids alone, so it goes on holding when a page is renamed or moved. Where it leads is decided by who opens it.

export interface PageAddress {
  readonly workspace: string;
  readonly document: string;
  readonly block: string | null;
}

const ADDRESS =
  /^caravan:\/\/page\/?#([A-Za-z0-9_][A-Za-z0-9_-]{0,63})\/([A-Za-z0-9_][A-Za-z0-9_-]{0,63})(?:\/([\w.~-]{1,128}))?$/;

/** Null for anything else, also for an address with something around it. */
export function readPageAddress(text: string): PageAddress | null {
  const found = text.length > 400 ? null : ADDRESS.exec(text.trim());
  const [, workspace, document, block] = found ?? [];
  return workspace === undefined || document === undefined ? null : { workspace, document, block: block ?? null };
}

/** A block whose id does not fit into an address is left out: the address leads to its page. */
export function pageAddress(workspace: string, document: string, block?: string): string {
  const address = `caravan://page#${workspace}/${document}`;
  const whole = block === undefined ? address : `${address}/${block}`;
  return readPageAddress(whole) ? whole : address;
}
