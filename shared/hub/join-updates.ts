// Updates as one where each goes on where the one before it ended: their bytes behind each other, read once. It builds nothing.
import * as encoding from 'lib0/encoding';
import { DeleteSet } from './delete-set.ts';
import { readLayout, sectionFrom, type LayoutSection, type UpdateLayout } from './update-layout.ts';

/** Of each update in the order given, where somebody read them before. */
export type Layouts = readonly UpdateLayout[];

interface Part {
  readonly update: Uint8Array;
  readonly section: LayoutSection;
}

/**
 * What Yjs's own merging comes to, without decoding a struct; null where a client's clocks overlap or have holes, or the bytes
 * are no updates. Writing them behind each other is enough because no struct of the first format refers to its place.
 */
export function joinUpdates(updates: readonly Uint8Array[], known: Layouts | null = null): Uint8Array | null {
  const layouts = known ?? readLayouts(updates);
  if (!layouts) return null;
  const clients = new Map<number, Part[]>();
  updates.forEach((update, at) => {
    for (const section of layouts[at]?.sections ?? []) addPart(clients, { update, section });
  });
  return writeParts(clients, joinDeletions(updates, layouts));
}

/**
 * What the updates hold beyond `clocks`: what Yjs's own difference comes to, without decoding a struct. Null as for joinUpdates(),
 * and where a struct would have to be cut in two.
 *
 * Its deletions are given, and are the same for every difference of a room, however it is cut (rule HU7): all clocks that have no
 * content there, deleted expressly or empty. An empty struct that reaches beyond `clocks` does not tell of what it empties
 * below them, and merging forgets which of the two it was. Who compares what was typed with what comes (FC2, FC8) looks at the
 * structs first, and takes nothing that the same update empties for a deletion.
 */
export function joinBeyond(
  updates: readonly Uint8Array[],
  known: Layouts | null,
  clocks: ReadonlyMap<number, number>,
  deletions: Uint8Array,
): Uint8Array | null {
  const layouts = known ?? readLayouts(updates);
  if (!layouts) return null;
  const clients = new Map<number, Part[]>();
  for (const [at, update] of updates.entries()) {
    for (const section of layouts[at]?.sections ?? []) {
      const clock = clocks.get(section.client) ?? 0;
      if (section.end <= clock) continue;
      const rest = section.start >= clock ? section : sectionFrom(update, section, clock);
      if (!rest) return null;
      addPart(clients, { update, section: rest });
    }
  }
  return writeParts(clients, deletions);
}

/** Null where one of them cannot be read. */
function readLayouts(updates: readonly Uint8Array[]): Layouts | null {
  const layouts: UpdateLayout[] = [];
  for (const update of updates) {
    const layout = readLayout(update);
    if (!layout) return null;
    layouts.push(layout);
  }
  return layouts;
}

function addPart(clients: Map<number, Part[]>, part: Part): void {
  const parts = clients.get(part.section.client);
  if (parts) parts.push(part);
  else clients.set(part.section.client, [part]);
}

function writeParts(clients: ReadonlyMap<number, Part[]>, deletions: Uint8Array): Uint8Array | null {
  let length = deletions.length + 16;
  for (const parts of clients.values()) {
    if (!followOn(parts)) return null;
    length += parts.reduce((sum, { section }) => sum + section.to - section.from, 32);
  }
  const encoder = new encoding.Encoder();
  encoder.cbuf = new Uint8Array(length);
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
  encoding.writeUint8Array(encoder, deletions);
  // A view of what was written: the few bytes behind it cost less than a copy.
  return encoder.bufs.length === 0 ? encoder.cbuf.subarray(0, encoder.cpos) : encoding.toUint8Array(encoder);
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
