// Writes chosen clocks of a document as an update without deletions, so that what history does not cover can stand under it.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { ClockRange } from '../delete-set.ts';

/** One update with a range of each client. Splits items of `doc` at the ranges' ends and changes nothing else in it. */
export function updateOfRanges(doc: Y.Doc, ranges: ReadonlyMap<number, ClockRange>): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  encoding.writeVarUint(encoder.restEncoder, ranges.size);
  for (const [client, range] of ranges) {
    const structs = structsOf(doc, client, range);
    encoding.writeVarUint(encoder.restEncoder, structs.length);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, range.start);
    for (const struct of structs) struct.write(encoder, 0);
  }
  encoding.writeVarUint(encoder.restEncoder, 0);
  return encoder.toUint8Array();
}

function structsOf(doc: Y.Doc, client: number, { start, end }: ClockRange): readonly (Y.Item | Y.GC)[] {
  const structs = doc.store.clients.get(client) ?? [];
  doc.transact((transaction) => {
    for (const clock of [start, end]) {
      if (clock > 0 && clock < Y.getState(doc.store, client)) {
        Y.getItemCleanStart(transaction, Y.createID(client, clock));
      }
    }
  });
  const chosen: (Y.Item | Y.GC)[] = [];
  for (let at = Y.findIndexSS(structs, start); at < structs.length; at += 1) {
    const struct = structs[at];
    if (!struct || struct.id.clock >= end) break;
    if (struct instanceof Y.Item) chosen.push(struct);
    else {
      // Collected structs are not split; the part that is asked for is as good as the whole.
      const from = Math.max(start, struct.id.clock);
      chosen.push(new Y.GC(Y.createID(client, from), Math.min(end, struct.id.clock + struct.length) - from));
    }
  }
  return chosen;
}
