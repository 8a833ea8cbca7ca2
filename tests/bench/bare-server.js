// The yardstick: a bare `ws` server that checks and keeps nothing. It passes each message on to everybody else in the room,
// to a client that asks for `/first-sync?pages=N&bytes=N` it sends that many messages at once, and to one that asks for
// `/stored?bytes=N` one answer of that size out of its memory.
import * as encoding from 'lib0/encoding';
import { WebSocketServer } from 'ws';

/** @type {Map<string, Set<import('ws').WebSocket>>} */
const rooms = new Map();
/** @type {Map<number, Uint8Array>} */
const answers = new Map();
/** A SyncStep2 of that many bytes. @param {number} bytes */
function answerOf(bytes) {
  const known = answers.get(bytes);
  if (known) return known;
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint8Array(encoder, new Uint8Array(bytes));
  const answer = encoding.toUint8Array(encoder);
  answers.set(bytes, answer);
  return answer;
}
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  console.log(JSON.stringify({ event: 'listening', url: `ws://127.0.0.1:${port}`, pid: process.pid }));
});
server.on('connection', (socket, request) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'ws://bare');
  if (pathname === '/first-sync') {
    const page = new Uint8Array(Number(searchParams.get('bytes')));
    for (let sent = 0; sent < Number(searchParams.get('pages')); sent += 1) socket.send(page);
    return;
  }
  if (pathname === '/stored') {
    socket.send(answerOf(Number(searchParams.get('bytes'))));
    return;
  }
  const room = rooms.get(pathname) ?? new Set();
  rooms.set(pathname, room);
  room.add(socket);
  socket.on('error', () => socket.terminate());
  socket.on('close', () => room.delete(socket));
  socket.on('message', (data) => {
    for (const other of room) if (other !== socket) other.send(data);
  });
});
process.once('SIGTERM', () => process.exit(0));
