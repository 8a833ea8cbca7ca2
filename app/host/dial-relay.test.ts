// What a host makes of a relay, or of a proxy before it, that does not open the connection: over real sockets.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { CLOSE, isFinalClose } from '../../shared/protocol/close-codes.ts';
import { SUBPROTOCOL } from '../../shared/protocol/room-messages.ts';
import { dialRelay } from './dial-relay.ts';

/** A server that answers every upgrade with this status. */
async function answering(status: number): Promise<string> {
  const server = createServer();
  server.on('upgrade', (_request, socket) => socket.end(`HTTP/1.1 ${String(status)} No\r\nContent-Length: 0\r\n\r\n`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1/link/team`;
}

it.each([
  [401, CLOSE.notAuthenticated],
  [403, CLOSE.forbidden],
])('[CC4401] [CL1] an upgrade that is answered with %i is a no for good', async (status, closeCode) => {
  const dialed = dialRelay(await answering(status), [SUBPROTOCOL.link]);
  await expect(dialed).rejects.toMatchObject({ code: 'not-allowed', details: { closeCode } });
  expect(isFinalClose(closeCode)).toBe(true);
});

it.each([404, 429, 502, 503])('[CL1] one that is answered with %i is worth another try', async (status) => {
  const dialed = dialRelay(await answering(status), [SUBPROTOCOL.link]);
  await expect(dialed).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining(String(status)) });
});
