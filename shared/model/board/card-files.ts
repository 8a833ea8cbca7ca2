// What was attached to a card, as its own document has it (docs/documents.md, BD24): files and links, read without trust. It writes nothing and knows no bytes.
import * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { compareSiblings } from '../document/order.ts';
import { readRemoval } from '../document/removal.ts';
import { filesOf } from '../document/roots.ts';
import { readAtomProps } from '../page/atom-props.ts';
import { lineOf, orderOf } from './stored.ts';

interface Attached {
  readonly id: string;
  /** What people call it: one line that no sign turns around; never empty. */
  readonly name: string;
  readonly order: string;
  readonly by: string | null;
  readonly at: number;
  /** Somebody removed it while another renamed it: it came back. */
  readonly returned: boolean;
}
export interface CardBlob extends Attached {
  readonly kind: 'file';
  readonly blob: string;
  readonly mime: string;
  /** Bytes, as the document says it; the bytes tell. */
  readonly size: number;
  readonly pixels: readonly [number, number] | null;
}
/** An address of the web, as boards that came from elsewhere have them. */
export interface CardWebLink extends Attached {
  readonly kind: 'link';
  readonly url: string;
}
export type CardFile = CardBlob | CardWebLink;

export interface FileDeed {
  readonly what: 'attached' | 'removed';
  readonly name: string;
  readonly by: string | null;
  readonly at: number;
}

/** More of them no card has. */
const MOST = 5_000;
const LONGEST_NAME = 255;
const LONGEST_ADDRESS = 4_096;
/** Control characters, line separators, and marks that turn a name's end around. */
const NOT_IN_NAMES = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/gu;

/** In their order, without what was removed. Total: what is neither a file nor a link is left out. */
export function readCardFiles(doc: Y.Doc): readonly CardFile[] {
  const found: CardFile[] = [];
  for (const [id, stored] of filesOf(doc).entries()) {
    if (found.length >= MOST) break;
    if (!isDocumentId(id) || !(stored instanceof Y.Map)) continue;
    const removal = readRemoval(stored as Y.Map<unknown>);
    const file = removal.kind === 'removed' ? null : readCardFile(id, stored as Y.Map<unknown>);
    if (file) found.push(removal.kind === 'overtaken' ? { ...file, returned: true } : file);
  }
  return found.sort(compareSiblings);
}

/** What was done with them, oldest first: of a removal the last one, and only while it counts. */
export function readFileDeeds(doc: Y.Doc): readonly FileDeed[] {
  const deeds: FileDeed[] = [];
  for (const [id, stored] of filesOf(doc).entries()) {
    if (deeds.length >= MOST) break;
    const file = isDocumentId(id) && stored instanceof Y.Map ? readCardFile(id, stored as Y.Map<unknown>) : null;
    if (!file) continue;
    deeds.push({ what: 'attached', name: file.name, by: file.by, at: file.at });
    const removal = readRemoval(stored as Y.Map<unknown>);
    if (removal.kind === 'removed') deeds.push({ what: 'removed', name: file.name, by: removal.by, at: removal.at });
  }
  return deeds.sort((a, b) => a.at - b.at);
}

export function readCardFile(id: string, stored: Y.Map<unknown>): CardFile | null {
  const by = stored.get('by');
  const about = {
    id,
    order: orderOf(stored),
    by: isDocumentId(by) ? by : null,
    at: readTime(stored.get('at')) ?? 0,
    returned: false,
  };
  const name = asFileName(lineOf(stored.get('name')));
  const { blob, mime, size, pixels } = readAtomProps('image', (key) => stored.get(key));
  if (blob !== '') return { ...about, kind: 'file', name: name || 'File', blob, mime, size, pixels };
  const url = asWebAddress(stored.get('url'));
  return url === null ? null : { ...about, kind: 'link', name: name || url.slice(0, LONGEST_NAME), url };
}

/** A name that every list can show and most disks take: one line, as long as file systems allow. */
export function asFileName(name: string): string {
  const plain = name.replace(NOT_IN_NAMES, '').trim();
  if (plain.length <= LONGEST_NAME) return plain;
  const ending = /\.[^.]{1,10}$/.exec(plain)?.[0] ?? '';
  return plain.slice(0, LONGEST_NAME - ending.length) + ending;
}

/** An address of the web as the URL parser writes it, without a name and a password; anything else is none. */
export function asWebAddress(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > LONGEST_ADDRESS || !URL.canParse(value)) return null;
  const { protocol, href } = new URL(value);
  const hasLogin = /^[a-z]+:\/\/[^/?#]*@/i.test(href);
  return (protocol === 'https:' || protocol === 'http:') && !hasLogin ? href : null;
}
