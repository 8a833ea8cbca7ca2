// Compares encoded Yjs state vectors without building anything; what lies in a document is no business of a link.
import { readTotally } from '../protocol/byte-reader.ts';

/** Whether `theirs` names a struct that `ours` lacks. Bytes that are no state vector name nothing. */
export function isBeyond(theirs: Uint8Array, ours: Uint8Array): boolean {
  const here = clocksOf(ours);
  for (const [client, clock] of clocksOf(theirs)) if (clock > (here.get(client) ?? 0)) return true;
  return false;
}

function clocksOf(stateVector: Uint8Array): ReadonlyMap<number, number> {
  const clocks = readTotally(stateVector, (reader) => {
    const read = new Map<number, number>();
    for (let left = reader.varUint(); left > 0; left -= 1) read.set(reader.varUint(), reader.varUint());
    return read;
  });
  return clocks ?? new Map();
}
