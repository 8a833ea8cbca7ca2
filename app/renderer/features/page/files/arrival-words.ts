// What is said of an attachment whose bytes are not here, or not whole yet. Pure.
import type { BlobState } from '../../../../contract/attachments.ts';
import { size } from '../../../../contract/sizes.ts';

/** Null where there is nothing to say. @param bytes as the document says it; 0 where it does not. */
export function arrivalWords(state: BlobState | null, bytes: number): string | null {
  if (state === null || state.state === 'here') return null;
  if (state.trouble !== null) return state.trouble;
  if (state.state === 'coming') {
    return bytes > 0 ? `Arriving, ${Math.floor((100 * state.received) / bytes)}%` : `Arriving, ${size(state.received)}`;
  }
  return 'Not here yet. It comes by itself when the relay has it.';
}
