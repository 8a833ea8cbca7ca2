// How much the attachments on this computer are, each counted once in however many spaces it is. Pure sums over what others keep.
import type { BlobReferences } from './blob-references.ts';
import type { BlobRows } from './blob-rows.ts';

export function bytesHere(rows: BlobRows, workspace: string): { readonly here: number; readonly hereBytes: number } {
  const sizes = new Map<string, number>();
  for (const { blob, size } of rows.of(workspace)) sizes.set(blob, size);
  let hereBytes = 0;
  for (const size of sizes.values()) hereBytes += size;
  return { here: sizes.size, hereBytes };
}

/** Of those that no document refers to. */
export function bytesUnnamed(
  rows: BlobRows,
  references: Pick<BlobReferences, 'of'>,
  workspaces: Iterable<string>,
): number {
  let bytes = 0;
  for (const workspace of workspaces) {
    const done = new Set<string>();
    for (const { blob } of references.of(workspace)) done.add(blob);
    for (const { blob, size } of rows.of(workspace)) {
      if (!done.has(blob)) bytes += size;
      done.add(blob);
    }
  }
  return bytes;
}
