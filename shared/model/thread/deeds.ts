// What managers did in a thread, kept one entry a deed so that nothing of it is overwritten (docs/documents.md, TH15). Reading is total.
import type * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { isDocumentId } from '../document/meta.ts';
import { deedsOf } from '../document/roots.ts';
import type { Doing } from '../properties/read.ts';
import { shortLine } from '../properties/tag.ts';
import { setClosed, setPinned } from './fact-commands.ts';
import { readDoing } from './facts.ts';
import { dismissReports, hidePost, LONGEST_WHY, showPost } from './moderation.ts';

export const DEEDS = [
  'hide',
  'show',
  'dealt-with',
  'close',
  'reopen',
  'pin',
  'unpin',
  'split',
  'merge',
  'unmerge',
] as const;
export type DeedKind = (typeof DEEDS)[number];

export interface Deed extends Doing {
  readonly what: DeedKind;
  /** The post, or the other thread, that it was done to; null where it was the thread itself. */
  readonly to: string | null;
  readonly reason: string;
}

/** The newest are read; more are kept. */
const MOST = 1_000;

/** Oldest first. */
export function readDeeds(doc: Y.Doc): readonly Deed[] {
  const deeds: (Deed & { readonly id: string })[] = [];
  for (const [id, value] of deedsOf(doc).entries()) {
    const doing = readDoing(value);
    if (!doing) continue;
    const { what, to, reason } = value as Readonly<Record<string, unknown>>;
    const known = DEEDS.find((one) => one === what);
    if (!known) continue;
    deeds.push({
      id,
      ...doing,
      what: known,
      to: isDocumentId(to) ? to : null,
      reason: typeof reason === 'string' ? shortLine(reason, LONGEST_WHY) : '',
    });
  }
  return deeds.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(-MOST);
}

/** Says that something was done; doing it is its caller's, in the same transaction. */
export function noteDeed(doc: Y.Doc, { what, to, reason, by, at }: Deed, origin: unknown = null): void {
  const entry = { what, by, at, ...(to === null ? {} : { to }), ...(reason === '' ? {} : { reason }) };
  doc.transact(() => deedsOf(doc).set(randomId(), entry), origin);
}

/** A deed of this thread alone, done and noted in one transaction. */
export function moderate(
  doc: Y.Doc,
  deed: Deed & { readonly what: Exclude<DeedKind, 'split' | 'merge' | 'unmerge'> },
  origin: unknown = null,
): void {
  const { what, to, reason, by, at } = deed;
  const doing = { by, at };
  doc.transact(() => {
    if (what === 'hide') hidePost(doc, to ?? '', { ...doing, reason });
    else if (what === 'show') showPost(doc, to ?? '');
    else if (what === 'dealt-with') dismissReports(doc, to ?? '');
    else if (what === 'pin' || what === 'unpin') setPinned(doc, what === 'pin' ? doing : null);
    else setClosed(doc, what === 'close' ? doing : null);
    noteDeed(doc, deed);
  }, origin);
}
