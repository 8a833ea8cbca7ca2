// The message types inside a room's socket: y-websocket's own four and Caravan's acknowledgement.

export const ROOM_MESSAGE = Object.freeze({
  /** y-protocols/sync: 0 SyncStep1, 1 SyncStep2, 2 update. */
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /** Varuint: how many of this session's update messages (SyncStep2 and update) are durable; only for `caravan.ack.v1`. */
  ack: 64,
});

export const SYNC = Object.freeze({ step1: 0, step2: 1, update: 2 });

/** Subprotocols that a room's socket may offer. The server chooses `caravan.ack.v1` where offered, else `caravan.v1`. */
export const SUBPROTOCOL = Object.freeze({
  plain: 'caravan.v1',
  ack: 'caravan.ack.v1',
  link: 'caravan.link.v1',
  /** Followed by a ticket. */
  ticketPrefix: 'tkt.',
});
