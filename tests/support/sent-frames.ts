// Reads what went over a pipe as link frames, batches unpacked; it asserts nothing.
import { decodeLinkFrame, type LinkFrame } from '../../shared/protocol/link-frames.ts';
import type { Pipe } from './pipe.ts';

/** The frames of these messages in order; what cannot be read is left out. */
export function framesIn(messages: readonly Uint8Array[]): LinkFrame[] {
  return messages.flatMap((bytes) => {
    const frame = decodeLinkFrame(bytes);
    return frame?.kind === 'batch' ? framesIn(frame.frames) : (frame ?? []);
  });
}

/** Everything that both ends sent, end `a` (the dialing one) first. */
export function framesOf(pipe: Pipe): LinkFrame[] {
  return [...framesIn(pipe.a.sent), ...framesIn(pipe.b.sent)];
}

export function roomsOpened(pipe: Pipe): string[] {
  return framesOf(pipe).flatMap((frame) => (frame.kind === 'open' ? [frame.room] : []));
}

/** Messages and bytes, both directions. */
export function trafficOf(pipe: Pipe): { readonly messages: number; readonly bytes: number } {
  const sent = [...pipe.a.sent, ...pipe.b.sent];
  return { messages: sent.length, bytes: sent.reduce((sum, { length }) => sum + length, 0) };
}
