// An attacker's socket: any bytes at all, any time; it knows just enough of HTTP and WebSocket to read the end of it.
import net from 'node:net';
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';

export interface RawSocket {
  readonly socket: net.Socket;
  /** Everything heard so far. */
  heard(): Buffer;
  send(bytes: Uint8Array | string): void;
  /** Resolves when this end heard the connection end or break. */
  readonly gone: Promise<void>;
}

/** Connected to a port of this computer, and never closing its own half; destroyed with the test at the latest. */
export async function raw(port: number, localAddress = '127.0.0.1'): Promise<RawSocket> {
  const socket = net.connect({ host: '127.0.0.1', port, localAddress, allowHalfOpen: true });
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  const gone = new Promise<void>((resolve) => {
    socket.once('end', () => resolve());
    socket.once('close', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('close', () => reject(new Error('no connection')));
  });
  return {
    socket,
    heard: () => Buffer.concat(parts),
    send: (bytes) => void socket.write(bytes),
    gone,
  };
}

/** The headers of an upgrade that holds. */
export function upgradeRequest(port: number, path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = {
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  };
  const text = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${text.join('')}\r\n`;
}

/** A WebSocket frame's head, masked with zeros, that may claim any length. */
export function frameHead(claimed: bigint, opcode = 2, first = 0x80): Buffer {
  const head = Buffer.alloc(14);
  head[0] = first | opcode;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(claimed, 2);
  return head;
}

const PIECE = 1024 * 1024;

/** A message in pieces that goes on until it is beyond `limit` (bytes), and no further: who stops there reads the close code. */
export function sendBeyond({ send }: RawSocket, limit: number): void {
  for (let sent = 0; sent <= limit; sent += PIECE) {
    const piece = Buffer.concat([frameHead(BigInt(PIECE), 0, 0), Buffer.alloc(PIECE)]);
    if (sent === 0) piece[0] = 2;
    send(piece);
  }
}

/** The close code at the end of what was heard, or null where the connection was just cut. */
export function closeCode(heard: Buffer): number | null {
  let at = heard.indexOf('\r\n\r\n') + 4;
  while (at + 2 <= heard.length) {
    const opcode = (heard[at] ?? 0) & 15;
    let length = (heard[at + 1] ?? 0) & 127;
    let head = 2;
    if (length === 126) [length, head] = [heard.readUInt16BE(at + 2), 4];
    else if (length === 127) [length, head] = [Number(heard.readBigUInt64BE(at + 2)), 10];
    if (opcode === 8) return length >= 2 ? heard.readUInt16BE(at + head) : 1005;
    at += head + length;
  }
  return null;
}
