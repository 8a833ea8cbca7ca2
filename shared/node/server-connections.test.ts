// A server's end over real sockets: what Node would wait for is cut.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ServerConnections } from './server-connections.ts';

async function listening(): Promise<{
  readonly server: Server;
  readonly connections: ServerConnections;
  readonly port: number;
}> {
  const server = createServer();
  const connections = new ServerConnections(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, connections, port: (server.address() as AddressInfo).port };
}

async function connected(port: number, bytes = ''): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  if (bytes !== '') socket.write(bytes);
  return socket;
}

const UPGRADE = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';

test('[X7] it ends with a silent connection, an upgraded one, one that was refused and stays half open, and one that sends slowly', async () => {
  const { server, connections, port } = await listening();
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.headers['x-refuse']) socket.end('HTTP/1.1 403 No\r\n\r\n');
    else sockets.handleUpgrade(request, socket, head, (ws) => ws.on('error', () => undefined));
  });
  server.on('request', (request, response) => void request.resume().once('end', () => response.end()));
  const ws = new WebSocket(`ws://127.0.0.1:${port}`);
  ws.on('error', () => undefined);
  onTestFinished(() => ws.terminate());
  await once(ws, 'open');
  const silent = await connected(port);
  const refused = await connected(port, `${UPGRADE}X-Refuse: 1\r\n\r\n`);
  const slow = await connected(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab');
  await once(refused, 'data');
  const gone = [silent, slow].map(
    (socket) => new Promise((resolve) => socket.once('end', resolve).once('close', resolve)),
  );
  const wsGone = new Promise((resolve) => ws.once('close', resolve));
  connections.stopListening();
  await connections.close();
  await Promise.all([wsGone, ...gone]);
  await expect(connected(port)).rejects.toThrow('ECONNREFUSED');
});

test('a server that never listened ends as well', async () => {
  await new ServerConnections(createServer()).close();
});
