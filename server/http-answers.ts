// How the relay reads and answers requests: bodies with a limit, JSON, and the one refusal that tells nobody anything.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../shared/base/app-error.ts';
import { LIMITS } from '../shared/protocol/limits.ts';

/** What everybody is told who is unknown, forbidden, late, forged or at the wrong door: always the same (rule RE50). */
export const REFUSAL = Object.freeze({
  status: 403,
  body: JSON.stringify({ error: { code: 'not-allowed', message: 'This relay does not do that for who asks so.' } }),
});

/** Throws `too-large`. */
export async function readBody(request: IncomingMessage, limit: number = LIMITS.body): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!(part instanceof Buffer)) continue;
    size += part.length;
    if (size > limit) throw new AppError('too-large', 'The request is too large. Nothing was stored.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

export function answerError(response: ServerResponse, status: number, code: string, message: string): void {
  // The rest of a refused body is not read: the connection ends with the answer.
  if (status === 413) response.setHeader('connection', 'close');
  answer(response, status, { error: { code, message } });
}

export function answerRefusal(response: ServerResponse): void {
  response.writeHead(REFUSAL.status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(REFUSAL.body);
}

/** @param seconds after which it is worth asking again. */
export function answerTooMany(
  response: ServerResponse,
  seconds: number,
  message = 'Too many requests came from your address. Ask again a little later.',
): void {
  response.setHeader('retry-after', String(seconds));
  answerError(response, 429, 'too-many', message);
}
