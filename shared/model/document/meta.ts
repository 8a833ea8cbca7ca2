// What every document says about itself (docs/documents.md, DD1 and DD2), read so that nothing a peer wrote can hurt.
import type * as Y from 'yjs';
import { metaOf } from './roots.ts';
import { isOrderKey } from './order.ts';

export const DOCUMENT_KINDS = ['page', 'board', 'card', 'thread', 'space', 'profile', 'personal', 'workspace'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export interface DocumentMeta {
  readonly kind: DocumentKind;
  /** Member id; null where it is missing or malformed. */
  readonly createdBy: string | null;
  /** Milliseconds since the epoch by the creator's clock; 0 where it is missing or malformed. */
  readonly createdAt: number;
  /** The document above it as it was written: it may be unknown here, or part of a cycle (see tree.ts). */
  readonly parent: string | null;
  /** Fractional key among its siblings; '' where it is missing or malformed, which sorts first. */
  readonly order: string;
  /** When it was archived, or null. */
  readonly archivedAt: number | null;
  /** Of what is archived: when it was moved to the trash and by whom, or null. */
  readonly trashed: { readonly at: number; readonly by: string | null } | null;
}

const ID = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;
/** The last millisecond that a Date can hold. */
const LATEST = 8_640_000_000_000_000;

export function isDocumentId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

/** The id of a device is a hash, which may begin with a hyphen. */
export function isDeviceId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value);
}

/** A time in whole milliseconds since the epoch, or null for what is none. */
export function readTime(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > LATEST) return null;
  return Math.trunc(value);
}

/** The document's meta, or null while its kind has not arrived or is one that this version does not know. */
export function readMeta(doc: Y.Doc): DocumentMeta | null {
  const meta = metaOf(doc);
  const kind = DOCUMENT_KINDS.find((known) => known === meta.get('kind'));
  if (kind === undefined) return null;
  const createdBy = meta.get('createdBy');
  const parent = meta.get('parent');
  const order = meta.get('order');
  const archivedAt = readTime(meta.get('archivedAt'));
  return {
    kind,
    createdBy: isDocumentId(createdBy) ? createdBy : null,
    createdAt: readTime(meta.get('createdAt')) ?? 0,
    parent: isDocumentId(parent) ? parent : null,
    order: isOrderKey(order) ? order : '',
    archivedAt,
    trashed: archivedAt === null ? null : readTrashed(meta.get('trashed')),
  };
}

function readTrashed(value: unknown): DocumentMeta['trashed'] {
  if (typeof value !== 'object' || value === null) return null;
  const { at, by } = value as Record<string, unknown>;
  const time = readTime(at);
  return time === null ? null : { at: time, by: isDocumentId(by) ? by : null };
}
