// Which attachments a document refers to, of whatever kind it is. Total: what a peer wrote badly is no reference. It knows no bytes.
import * as Y from 'yjs';
import { isBlobName } from '../../base/blob-name.ts';
import { bodyOf } from './roots.ts';

export interface AttachmentReference {
  readonly blob: string;
  /** As the document says it; the bytes tell. */
  readonly size: number;
  /** What people call it; hostile like every text. */
  readonly name: string;
}

/** A page shows a few hundred; more than this is no page. */
const MOST = 20_000;

/** Rule AT1: markers with a `blob` in the body, each name once. */
export function readAttachments(doc: Y.Doc): readonly AttachmentReference[] {
  const found = new Map<string, AttachmentReference>();
  for (const { insert } of bodyOf(doc).toDelta() as readonly { readonly insert?: unknown }[]) {
    if (!(insert instanceof Y.Map) || found.size >= MOST) continue;
    const blob: unknown = insert.get('blob');
    if (!isBlobName(blob) || found.has(blob)) continue;
    const [size, name]: unknown[] = [insert.get('size'), insert.get('name')];
    found.set(blob, {
      blob,
      size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : 0,
      name: typeof name === 'string' ? name.slice(0, 500) : '',
    });
  }
  return [...found.values()];
}
