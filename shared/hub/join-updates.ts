// Updates as one where each goes on where the one before it ended: their bytes behind each other, read once. It builds nothing.
import * as encoding from 'lib0/encoding';
import { DeleteSet } from './delete-set.ts';
import { readLayout, type LayoutSection, type UpdateLayout } from './update-layout.ts';

interface Part {
  readonly update: Uint8Array;
  readonly section: LayoutSection;
}

/**
 * What Yjs's own merging comes to, without decoding a struct; null where a client's clocks overlap or have holes, or the bytes
 * are no updates. Writing them behind each other is enough because no struct of the first format refers to its place.
 */
export function joinUpdates(updates: readonly Uint8Array[]): Uint8Array | null {
  const clients = new Map<number, Part[]>();
  const layouts: UpdateLayout[] = [];
  let length = 16;
  for (const update of updates) {
    const layout = readLayout(update);
    if (!layout) return null;
    layouts.push(layout);
    length += update.length;
    for (const section of layout.sections) {
      const parts = clients.get(section.client);
      if (parts) parts.push({ update, section });
      else clients.set(section.client, [{ update, section }]);
    }
  }
  for (const parts of clients.values()) if (!followOn(parts)) return null;
  const encoder = new encoding.Encoder();
  encoder.cbuf = new Uint8Array(length + 16 * clients.size);
  encoding.writeVarUint(encoder, clients.size);
  // As Yjs writes them: its readers expect falling clients.
  for (const [client, parts] of [...clients].sort(([a], [b]) => b - a)) {
    encoding.writeVarUint(
      encoder,
      parts.reduce((sum, { section }) => sum + section.structs, 0),
    );
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, parts[0]?.section.start ?? 0);
    for (const { update, section } of parts) {
      encoding.writeUint8Array(encoder, update.subarray(section.from, section.to));
    }
  }
  encoding.writeUint8Array(encoder, joinDeletions(updates, layouts));
  return encoding.toUint8Array(encoder);
}

/** Brings them into the order of their clocks. */
function followOn(parts: Part[]): boolean {
  parts.sort((a, b) => a.section.start - b.section.start);
  return parts.every(({ section }, at) => at === 0 || parts[at - 1]?.section.end === section.start);
}

function joinDeletions(updates: readonly Uint8Array[], layouts: readonly UpdateLayout[]): Uint8Array {
  const deleting = layouts.flatMap(({ deletions }, at) => (deletions.length > 0 ? [at] : []));
  const [only = 0] = deleting;
  // Most updates delete nothing; the one that does is as good as all of them.
  if (deleting.length <= 1) {
    const { deletionsFrom = 0, deletionsTo = 0 } = layouts[only] ?? {};
    return updates[only]?.subarray(deletionsFrom, deletionsTo) ?? new Uint8Array(1);
  }
  const all = new DeleteSet();
  for (const at of deleting) for (const [client, ranges] of layouts[at]?.deletions ?? []) all.add(client, ranges);
  return all.encode();
}
