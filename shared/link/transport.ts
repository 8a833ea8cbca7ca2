// The transport port: whole binary messages, in order, between two ends; sockets, message ports and test pipes fill it.
import type { Event } from '../base/emitter.ts';

export interface TransportClose {
  readonly code: number;
  readonly reason: string;
}

/**
 * One connected, ordered, message-keeping byte pipe. It is open from the moment it is handed over.
 * Messages that arrive before the first `onMessage` subscription are kept and delivered to it.
 * `onClose` fires exactly once, whoever closed; nothing is delivered after it.
 */
export interface Transport {
  /** Sends one message; after close it does nothing. The bytes may not be changed afterwards. */
  send(message: Uint8Array): void;
  /** Sends one message that is given in pieces, which are not copied; left out where a message must be one piece. */
  sendPieces?(pieces: readonly Uint8Array[]): void;
  /** Bytes accepted by send() that have not left this process. */
  readonly backlog: number;
  close(code: number, reason: string): void;
  /** Stops reading from the other end until it is called with false; messages that were read already still come. */
  hold?(held: boolean): void;
  readonly onMessage: Event<Uint8Array>;
  readonly onClose: Event<TransportClose>;
}

/** Sends one message, without copying its pieces where that can be done. */
export function sendPieces(transport: Transport, pieces: readonly Uint8Array[]): void {
  if (transport.sendPieces) transport.sendPieces(pieces);
  else transport.send(joinPieces(pieces));
}

export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
