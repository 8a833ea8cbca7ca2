// Attachments over HTTP: GET, HEAD and PUT of one blob in one space, judged live from the log. It knows no document.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppError } from '../shared/base/app-error.ts';
import { toWireError } from '../shared/base/app-error.ts';
import type { Clock } from '../shared/base/clock.ts';
import type { Logger } from '../shared/base/logger.ts';
import type { BlobStore } from '../shared/hub/blob-store.ts';
import type { Principal } from '../shared/link/room-source.ts';
import { LIMITS } from '../shared/protocol/limits.ts';
import { answer, answerError, answerRefusal, answerTooMany } from './http-answers.ts';
import { bodyRange, servedRange } from './blob-ranges.ts';
import type { BlobRegistry } from './blob-registry.ts';
import { RateLimit } from './rate-limit.ts';
import type { BlobPlace } from './request-guard.ts';
import type { TicketGate } from './ticket-gate.ts';
import { WHOLE_WORKSPACE } from './ticket-office.ts';

/** Seconds after which who asked too often may try again. */
const WAIT = 5;

export interface BlobDeskParts {
  readonly blobs: BlobStore;
  readonly registry: BlobRegistry;
  readonly gate: TicketGate;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `--open`: everybody may do everything. */
  readonly open: boolean;
}

type Operation = 'blob.read' | 'blob.write';

interface Asked extends BlobPlace {
  readonly who: Principal;
  /** Whose unfinished blobs these are. */
  readonly writer: string;
}

export class BlobDesk {
  readonly #parts: BlobDeskParts;
  readonly #rate: RateLimit;
  readonly #active = new Map<string, number>();
  /** Unfinished blobs that a request is writing. */
  readonly #writing = new Set<string>();

  constructor(parts: BlobDeskParts) {
    this.#parts = parts;
    this.#rate = new RateLimit(parts.clock, LIMITS.blobRate);
  }

  /** Answers, or throws what the store throws. */
  async handle(request: IncomingMessage, response: ServerResponse, place: BlobPlace): Promise<void> {
    const who = await this.#who(request, place.workspace);
    const writer = who?.device ?? '';
    if (!who || !this.#may({ ...place, who, writer }, 'blob.read')) return answerRefusal(response);
    if (!this.#rate.take(writer)) return answerTooMany(response, WAIT);
    const active = this.#active.get(writer) ?? 0;
    if (active >= LIMITS.blobRequests) return answerTooMany(response, WAIT);
    this.#active.set(writer, active + 1);
    try {
      const asked = { ...place, who, writer };
      if (request.method === 'PUT') await this.#put(asked, request, response);
      else if (request.method === 'GET' || request.method === 'HEAD') await this.#get(asked, request, response);
      else answerError(response, 405, 'unsupported', 'There is nothing to do that with.');
    } finally {
      const left = (this.#active.get(writer) ?? 1) - 1;
      if (left > 0) this.#active.set(writer, left);
      else this.#active.delete(writer);
    }
  }

  async #who(request: IncomingMessage, workspace: string): Promise<Principal | null> {
    if (this.#parts.open) return { device: null, member: null };
    const ticket = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    return ticket === undefined ? null : this.#parts.gate.admit(ticket, workspace, WHOLE_WORKSPACE);
  }

  #may({ who, workspace, space }: Asked, operation: Operation): boolean {
    return this.#parts.open || this.#parts.gate.may(who, operation, workspace, space);
  }

  async #get(asked: Asked, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { blobs, registry } = this.#parts;
    const { workspace, name } = asked;
    const size = await registry.held(asked);
    if (size === null) return this.#notHeld(asked, response);
    const range = servedRange(request.headers.range, size);
    if (range === null) {
      response.setHeader('content-range', `bytes */${size}`);
      return answerError(response, 416, 'bad-input', 'There are no such bytes in it.');
    }
    const { start, end } = range;
    response.writeHead(range.whole ? 200 : 206, {
      ...HEADERS,
      'content-length': end - start,
      ...(range.whole ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.setTimeout(LIMITS.requestTime, () => response.destroy());
    let isWhole = false;
    try {
      for await (const part of blobs.read(workspace, name, start, end)) {
        // A right that ended ends what is under way as well.
        if (response.destroyed || !this.#may(asked, 'blob.read')) return;
        if (!response.write(part)) await drained(response);
      }
      isWhole = true;
    } catch (cause) {
      this.#parts.logger.log('error', 'blob-not-read', { name, code: toWireError(cause).code });
    } finally {
      // What was promised and does not come is no end: whoever reads asks again.
      if (isWhole) response.end();
      else response.destroy();
    }
  }

  /** How far this device's own bytes have come is told to it alone. */
  async #notHeld(asked: Asked, response: ServerResponse): Promise<void> {
    if (this.#may(asked, 'blob.write')) response.setHeader('caravan-offset', await this.#offset(asked));
    answerError(response, 404, 'not-found', 'This space has no such attachment.');
  }

  #offset({ workspace, name, writer }: Asked): Promise<number> {
    return this.#parts.blobs.partial(workspace, name, writer);
  }

  async #put(asked: Asked, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#may(asked, 'blob.write')) {
      await swallowed(request);
      return answerRefusal(response);
    }
    const { registry } = this.#parts;
    if ((await registry.held(asked)) !== null) return this.#end(response, 200, {});
    const from = request.headers['caravan-from'];
    if (from !== undefined) return this.#take(asked, String(from), response);
    const range = bodyRange(request.headers);
    if (range.kind === 'bad') return this.#end(response, range.status, error('bad-input', range.reason));
    if (range.size > LIMITS.blob || range.end - range.start > LIMITS.blobChunk) {
      return this.#end(response, 413, error('too-large', TOO_LARGE));
    }
    const key = `${asked.workspace}/${asked.name}/${asked.writer}`;
    if (this.#writing.has(key)) {
      await swallowed(request);
      return answerTooMany(response, 1);
    }
    this.#writing.add(key);
    try {
      await this.#receive(asked, range, request, response);
    } finally {
      this.#writing.delete(key);
    }
  }

  /** Rule BL5: from another space that this device may read. The bytes are here, and it could have brought them itself. */
  async #take(asked: Asked, from: string, response: ServerResponse): Promise<void> {
    const { registry } = this.#parts;
    const source = { ...asked, space: from };
    if (!this.#may(source, 'blob.read') || (await registry.held(source)) === null) {
      return this.#end(response, 404, error('not-found', 'That space has no such attachment for you.'));
    }
    await registry.register(asked);
    await this.#end(response, 201, {});
  }

  async #receive(
    asked: Asked,
    { start, end, size }: { readonly start: number; readonly end: number; readonly size: number },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { blobs, registry } = this.#parts;
    const { workspace, name, writer } = asked;
    const offset = await this.#offset(asked);
    response.setHeader('caravan-offset', offset);
    // Of another size than was said before: one of the two was wrong, and only the whole can tell.
    if (start !== offset || offset > size) {
      if (start === 0) await blobs.discard(workspace, name, writer);
      else return this.#end(response, 409, error('bad-input', 'These bytes do not follow what is here.'));
    } else if (offset === 0 && (await blobs.unfinished(workspace, writer)) >= LIMITS.blobsUnfinished) {
      await swallowed(request);
      return answerTooMany(response, WAIT);
    }
    let at: number;
    try {
      await registry.demandRoom(workspace, start === 0 ? size : end - start);
      at = await blobs.append(workspace, name, writer, start, bodyOf(request), end);
    } catch (cause) {
      if (isCutOff(request)) return;
      const known = toWireError(cause);
      if (known.code === 'disk-full') return this.#end(response, 507, { error: known });
      throw cause;
    }
    if (at < end) return; // The connection ended; what came stays for the next one.
    response.setHeader('caravan-offset', at);
    // Asked again: the body took its time.
    if (!this.#may(asked, 'blob.write')) return answerRefusal(response);
    if (at < size) return this.#end(response, 202, {});
    const outcome = await blobs.finish(workspace, name, writer);
    if (outcome === 'differs') {
      response.removeHeader('caravan-offset');
      return this.#end(
        response,
        422,
        error('bad-input', 'The bytes are not those that the name says. They were not kept.'),
      );
    }
    await registry.register(asked);
    await this.#end(response, 201, {});
  }

  /** The rest of a body that is long and not wanted is not read: the connection ends with the answer. */
  async #end(response: ServerResponse, status: number, body: unknown): Promise<void> {
    await swallowed(response.req);
    if (!response.req.complete) response.setHeader('connection', 'close');
    answer(response, status, body);
  }
}

const TOO_LARGE = `An attachment has at most ${LIMITS.blob / 1_048_576} MiB, and a request ${LIMITS.blobChunk / 1_048_576} MiB of it. Nothing was stored.`;

/** Rule BL2: bytes without a meaning, wherever somebody opens them. */
const HEADERS = Object.freeze({
  'content-type': 'application/octet-stream',
  'content-disposition': 'attachment',
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'accept-ranges': 'bytes',
});

function error(
  code: AppError['code'],
  message: string,
): { readonly error: { readonly code: string; readonly message: string } } {
  return { error: { code, message } };
}

async function* bodyOf(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  // Not ended with the loop: whoever sends is still to be answered.
  for await (const part of request.iterator({ destroyOnReturn: false })) if (part instanceof Uint8Array) yield part;
}

/** Lets the rest of a short body pass by, so that its sender reads the answer and not a broken connection. */
async function swallowed(request: IncomingMessage): Promise<void> {
  if (request.complete || Number(request.headers['content-length'] ?? Infinity) > LIMITS.blobChunk) return;
  await new Promise<void>((resolve) => {
    request.once('end', resolve);
    request.once('close', resolve);
    request.resume();
  });
}

function isCutOff(request: IncomingMessage): boolean {
  return request.destroyed && !request.complete;
}

/** Resolves as well when whoever reads is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}
