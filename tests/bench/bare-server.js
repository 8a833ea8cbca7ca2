// The yardstick: a bare `ws` server that checks and keeps nothing. It passes each message on to everybody else in the room,
// and to a client that asks for `/first-sync?pages=N&bytes=N` it sends that many messages at once.
import { WebSocketServer } from 'ws';

/** @type {Map<string, Set<import('ws').WebSocket>>} */
const rooms = new Map();
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
