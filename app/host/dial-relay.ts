// Opens a WebSocket to a relay and hands it over as a transport; a refused upgrade becomes a reason that people can read.
import { WebSocket } from 'ws';
import { AppError } from '../../shared/base/app-error.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { WebSocketTransport } from '../../shared/node/ws-transport.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';

const PATIENCE = 10_000;

/** Rejects with `unreachable`, or with `not-allowed` and the close code in its details where the relay says no for good. */
export function dialRelay(url: string, protocols: readonly string[]): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [...protocols], {
      perMessageDeflate: false,
      maxPayload: LIMITS.frame,
      handshakeTimeout: PATIENCE,
      followRedirects: false,
    });
    const failed = (error: Error): void => reject(new AppError('unreachable', reasonOf(error), { cause: error }));
    socket.once('error', failed);
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      reject(refusal(response.statusCode ?? 0));
    });
    socket.once('open', () => {
      // The transport listens for errors from here on; between the two no event can come.
      const transport = new WebSocketTransport(socket);
      socket.off('error', failed);
      resolve(transport);
    });
  });
}

function refusal(status: number): AppError {
  if (status === 401 || status === 403) {
    return new AppError('not-allowed', 'The relay does not let this device in.', {
      details: { closeCode: status === 401 ? CLOSE.notAuthenticated : CLOSE.forbidden },
    });
  }
  return new AppError('unreachable', `The relay answered with ${status} instead of opening the connection.`);
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nobody answers at the relay’s address.',
  ENOTFOUND: 'The relay’s name is not known; perhaps there is no network.',
  EAI_AGAIN: 'The relay’s name could not be looked up; perhaps there is no network.',
  ENETUNREACH: 'There is no network.',
  EHOSTUNREACH: 'The relay’s computer cannot be reached.',
  ETIMEDOUT: 'The relay did not answer in time.',
  ECONNRESET: 'The relay ended the connection while it was being opened.',
};

function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return REASONS[code] ?? error.message;
}
