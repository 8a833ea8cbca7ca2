// The messages inside a room's socket and a link's channel as values: y-websocket's bytes, encoded and totally decoded.
import { readTotally } from './byte-reader.ts';
import { ByteWriter, encodeVarUints, varBytesSize } from './byte-writer.ts';
import { ROOM_MESSAGE, SYNC } from './room-messages.ts';

/** One message of a room; what this version does not know is `unknown` and is ignored (PROTOCOL.md, RM5). */
export type RoomFrame =
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'step2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  | { readonly kind: 'queryAwareness' }
  | { readonly kind: 'ack'; readonly count: number }
  | { readonly kind: 'unknown'; readonly type: number };

/** The message, or null when it is malformed. The bytes inside are views of `message`. */
export function decodeRoomFrame(message: Uint8Array): RoomFrame | null {
  return readTotally(message, (reader): RoomFrame => {
    const type = reader.varUint();
    switch (type) {
      case ROOM_MESSAGE.sync: {
        const step = reader.varUint();
        if (step === SYNC.step1) return { kind: 'step1', stateVector: reader.varBytes() };
        if (step === SYNC.step2) return { kind: 'step2', update: reader.varBytes() };
        if (step === SYNC.update) return { kind: 'update', update: reader.varBytes() };
        return { kind: 'unknown', type };
      }
      case ROOM_MESSAGE.awareness:
        return { kind: 'awareness', update: reader.varBytes() };
      case ROOM_MESSAGE.queryAwareness:
        return { kind: 'queryAwareness' };
      case ROOM_MESSAGE.ack:
        return { kind: 'ack', count: reader.varUint() };
      default:
        return { kind: 'unknown', type };
    }
  });
}

function syncMessage(step: number, bytes: Uint8Array): Uint8Array {
  return new ByteWriter(2 + varBytesSize(bytes)).varUint(ROOM_MESSAGE.sync).varUint(step).varBytes(bytes).done();
}

export function encodeStep1(stateVector: Uint8Array): Uint8Array {
  return syncMessage(SYNC.step1, stateVector);
}

export function encodeStep2(update: Uint8Array): Uint8Array {
  return syncMessage(SYNC.step2, update);
}

/** What stands before an update of `size` bytes in a SyncStep2. */
export function encodeStep2Head(size: number): Uint8Array {
  return encodeVarUints(ROOM_MESSAGE.sync, SYNC.step2, size);
}

export function encodeUpdate(update: Uint8Array): Uint8Array {
  return syncMessage(SYNC.update, update);
}

export function encodeAwareness(update: Uint8Array): Uint8Array {
  return new ByteWriter(1 + varBytesSize(update)).varUint(ROOM_MESSAGE.awareness).varBytes(update).done();
}

export function encodeAck(count: number): Uint8Array {
  return encodeVarUints(ROOM_MESSAGE.ack, count);
}
