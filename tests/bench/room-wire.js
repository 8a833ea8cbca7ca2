// One room over one socket, as the compared servers speak it: bytes in, bytes out. It builds no document.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';

/**
 * @typedef {{
 *   update?: (update: Uint8Array) => void,
 *   step1?: (stateVector: Uint8Array, room: RoomSocket) => void,
 *   step2?: (update: Uint8Array) => void,
 *   ack?: (count: number) => void,
 *   bytes?: (size: number) => void,
 * }} RoomEvents what is heard; `bytes` for every message
 * @typedef {{
 *   socket: WebSocket,
 *   step1: (stateVector: Uint8Array) => void,
 *   step2: (update: Uint8Array) => void,
 *   update: (update: Uint8Array) => void,
 *   frame: (update: Uint8Array) => Uint8Array,
 *   close: () => Promise<void>,
 * }} RoomSocket
 */

/** @param {import('./servers.js').Dialect} dialect @param {string} room @param {(encoder: encoding.Encoder) => void} write */
function message(dialect, room, write) {
  const encoder = encoding.createEncoder();
  if (dialect === 'hocuspocus') encoding.writeVarString(encoder, room);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

/** @param {import('./servers.js').Dialect} dialect @param {string} room @param {number} step @param {Uint8Array} bytes */
const sync = (dialect, room, step, bytes) =>
  message(dialect, room, (encoder) => {
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });

/**
 * Resolves when the socket is open. It says nothing by itself but what the server's protocol asks of everybody.
 * @param {{ url: string, dialect: import('./servers.js').Dialect }} server
 * @param {string} name of the room @param {RoomEvents} events @returns {Promise<RoomSocket>}
 */
export function openRoom({ url, dialect }, name, events = {}) {
  const address = dialect === 'hocuspocus' ? url : `${url}/${name}`;
  const protocols = dialect === 'yjs' ? ['caravan.ack.v1', 'caravan.v1'] : [];
  const socket = new WebSocket(address, events.ack ? protocols : [], {
    perMessageDeflate: false,
    maxPayload: 1 << 28,
    skipUTF8Validation: true,
  });
  socket.on('message', (/** @type {Buffer} */ data) => {
    events.bytes?.(data.length);
    const decoder = decoding.createDecoder(data);
    if (dialect === 'hocuspocus') decoding.readVarUint8Array(decoder);
    const type = decoding.readVarUint(decoder);
    // Hocuspocus answers a question with a type of its own.
    if (type === 0 || (type === 4 && dialect === 'hocuspocus')) {
      const step = decoding.readVarUint(decoder);
      const bytes = decoding.readVarUint8Array(decoder);
      if (step === 0) events.step1?.(bytes, room);
      else if (step === 1) events.step2?.(bytes);
      else events.update?.(bytes);
    } else if (type === 64) events.ack?.(decoding.readVarUint(decoder));
  });
  const send = (/** @type {Uint8Array} */ bytes) => socket.send(bytes);
  const frame = (/** @type {Uint8Array} */ update) => sync(dialect, name, 2, update);
  // Heard from the first message on, which may come together with the answer to the upgrade.
  /** @type {RoomSocket} */
  const room = {
    socket,
    step1: (stateVector) => send(sync(dialect, name, 0, stateVector)),
    step2: (update) => send(sync(dialect, name, 1, update)),
    update: (update) => send(frame(update)),
    frame,
    close: () =>
      new Promise((done) => {
        if (socket.readyState === WebSocket.CLOSED) return done();
        socket.once('close', () => done());
        socket.close();
      }),
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      if (dialect === 'hocuspocus') {
        send(
          message(dialect, name, (encoder) => {
            encoding.writeVarUint(encoder, 2);
            encoding.writeVarUint(encoder, 0);
            encoding.writeVarString(encoder, 'bench');
          }),
        );
      }
      resolve(room);
    });
  });
}

/** Nothing known. */
export const EMPTY_VECTOR = new Uint8Array([0]);
/** Nothing new. */
export const EMPTY_UPDATE = new Uint8Array([0, 0]);

/**
 * Opens a room and waits until the server has answered for it, so that what is sent from now on is passed on.
 * @param {{ url: string, dialect: import('./servers.js').Dialect }} server
 * @param {string} room @param {RoomEvents} [events] @returns {Promise<RoomSocket>}
 */
export async function joinRoom(server, room, events = {}) {
  let answered = () => {};
  const answer = new Promise((/** @type {(value?: undefined) => void} */ resolve) => (answered = resolve));
  const joined = await openRoom(server, room, {
    ...events,
    // An honest client answers the question; what it has not got, it does not have to send.
    step1: (vector, asked) => {
      events.step1?.(vector, asked);
      asked.step2(EMPTY_UPDATE);
    },
    step2: (update) => {
      events.step2?.(update);
      answered();
    },
  });
  if (server.dialect === 'bare') return joined;
  joined.step1(EMPTY_VECTOR);
  await answer;
  return joined;
}

/**
 * The clock that an update of one typist ends with, where each struct is one character: read from its first bytes, as relays
 * pass on single updates or runs of them.
 * @param {Uint8Array} update
 */
export function endClock(update) {
  const decoder = decoding.createDecoder(update);
  if (decoding.readVarUint(decoder) === 0) return 0;
  const structs = decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return decoding.readVarUint(decoder) + structs;
}
