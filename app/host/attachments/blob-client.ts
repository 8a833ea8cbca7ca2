// The relay's attachments as a host asks for them (rules BL in PROTOCOL.md), one request each. It retries nothing and keeps nothing.
import { z } from 'zod';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { unreachable } from '../relay-client.ts';
import { httpBase, type RelayUrl } from '../relay-url.ts';
import type { BlobAt } from './blob-rows.ts';

/** A relay cuts a body off after 30 s; what came by then counts. */
const PATIENCE = 45_000;

export interface RelayDoor {
  readonly url: RelayUrl;
  readonly ticket: string;
  /** Throws while nothing may be sent to another computer (`Rehearsal`). */
  readonly demandLinks: () => void;
}

/** What is no answer about the blob itself: `refused` until rights change, `later` after a while, with the relay's words. */
export type NotNow =
  { readonly kind: 'refused' } | { readonly kind: 'later'; readonly words: string | null; readonly isFull: boolean };

export type HeadOutcome = { readonly kind: 'held' } | { readonly kind: 'absent'; readonly offset: number } | NotNow;
export type PutOutcome =
  | { readonly kind: 'held' }
  | { readonly kind: 'more'; readonly offset: number }
  | { readonly kind: 'absent' }
  /** The bytes that were sent are not those of the name. */
  | { readonly kind: 'differs' }
  | { readonly kind: 'too-large'; readonly words: string | null }
  | NotNow;
export type GetOutcome =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly size: number }
  | { readonly kind: 'absent' }
  /** There are no bytes at that place. */
  | { readonly kind: 'beyond' }
  | NotNow;

/** Each rejects with `unreachable` when nobody answers. */
export class BlobClient {
  readonly #door: RelayDoor;
  readonly #signal: AbortSignal;

  /** @param signal ends what is under way. */
  constructor(door: RelayDoor, signal: AbortSignal) {
    this.#door = door;
    this.#signal = signal;
  }

  async head(at: BlobAt): Promise<HeadOutcome> {
    const response = await this.#ask(at, 'HEAD');
    if (response.status === 200) return { kind: 'held' };
    if (response.status === 404) return { kind: 'absent', offset: offsetOf(response) };
    return notNow(response);
  }

  /** @param bytes those from `start`. */
  async put(at: BlobAt, bytes: Uint8Array<ArrayBuffer>, start: number, size: number): Promise<PutOutcome> {
    const range = { 'content-range': `bytes ${start}-${start + bytes.length - 1}/${size}` };
    return putOutcome(await this.#ask(at, 'PUT', size === 0 ? {} : range, bytes));
  }

  /** Rule BL5. */
  async take(at: BlobAt, from: string): Promise<PutOutcome> {
    return putOutcome(await this.#ask(at, 'PUT', { 'caravan-from': from }));
  }

  async get(at: BlobAt, start: number): Promise<GetOutcome> {
    const range = `bytes=${start}-${start + LIMITS.blobChunk - 1}`;
    const response = await this.#ask(at, 'GET', { range });
    if (response.status === 404) return { kind: 'absent' };
    if (response.status === 416) return { kind: 'beyond' };
    if (response.status !== 206 && response.status !== 200) return notNow(response);
    const [, from = '0', of = null] =
      /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    const size = Number(of ?? response.headers.get('content-length') ?? Number.NaN);
    const fits = Number.isSafeInteger(size) && size <= LIMITS.blob && Number(from) === start;
    // A relay that answers with other bytes than were asked for, or too many, is not believed.
    if (!fits || (response.status === 200 && (start > 0 || size > LIMITS.blobChunk))) {
      await response.body?.cancel();
      return { kind: 'later', words: null, isFull: false };
    }
    const bytes = await this.#body(response);
    return bytes.length <= LIMITS.blobChunk
      ? { kind: 'bytes', bytes, size }
      : { kind: 'later', words: null, isFull: false };
  }

  async #ask(
    { workspace, space, blob }: BlobAt,
    method: 'GET' | 'HEAD' | 'PUT',
    headers: Record<string, string> = {},
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const { url, ticket, demandLinks } = this.#door;
    demandLinks();
    try {
      const response = await fetch(`${httpBase(url)}/v1/blob/${workspace}/${space}/${blob}`, {
        method,
        headers: { authorization: `Bearer ${ticket}`, ...headers },
        redirect: 'error',
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(PATIENCE)]),
        ...(body ? { body } : {}),
      });
      return response;
    } catch (cause) {
      throw unreachable(url, cause);
    }
  }

  async #body(response: Response): Promise<Uint8Array> {
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      throw unreachable(this.#door.url, cause);
    }
  }
}

async function putOutcome(response: Response): Promise<PutOutcome> {
  switch (response.status) {
    case 200:
    case 201:
      await response.body?.cancel();
      return { kind: 'held' };
    case 202:
    case 409:
      await response.body?.cancel();
      return { kind: 'more', offset: offsetOf(response) };
    case 404:
      await response.body?.cancel();
      return { kind: 'absent' };
    case 422:
      await response.body?.cancel();
      return { kind: 'differs' };
    case 413:
      return { kind: 'too-large', words: await wordsOf(response) };
    default:
      return notNow(response);
  }
}

async function notNow(response: Response): Promise<NotNow> {
  if (response.status === 403) {
    await response.body?.cancel();
    return { kind: 'refused' };
  }
  return { kind: 'later', words: await wordsOf(response), isFull: response.status === 507 };
}

function offsetOf(response: Response): number {
  const offset = Number(response.headers.get('caravan-offset') ?? 0);
  return Number.isSafeInteger(offset) && offset >= 0 && offset <= LIMITS.blob ? offset : 0;
}

const said = z.object({ error: z.object({ message: z.string() }) });

/** What the relay says to people, shortened: it is a stranger's text. */
async function wordsOf(response: Response): Promise<string | null> {
  try {
    const read = said.safeParse(JSON.parse((await response.text()).slice(0, 4_096)));
    return read.success ? read.data.error.message.slice(0, 300) : null;
  } catch {
    return null;
  }
}
