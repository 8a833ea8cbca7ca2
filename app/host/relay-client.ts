// A relay's HTTP side as a host asks it: is it well, who is it, tickets, the membership log. The documents go over the link, not here.
import { z } from 'zod';
import { AppError } from '../../shared/base/app-error.ts';
import { publicJwk } from '../../shared/access/device-key.ts';
import type { PublicJwk } from '../../shared/access/identity.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { httpBase, type RelayUrl } from './relay-url.ts';

const PATIENCE = 10_000;

const records = z.array(z.string());
const log = z.object({ records, head: z.string().max(4_096).optional() });
const health = z.object({ status: z.string() });
/** Of a relay that keeps attachments; older ones have none. */
const shelf = z.string().min(16).max(64).nullable().default(null);
const nonce = z.object({ nonce: z.string().min(16).max(64), relay: z.string().length(43), key: publicJwk, shelf });
const ticket = z.object({ ticket: z.string().max(2_048), expires: z.number() });

/** A number to sign, and who the relay says it is: nothing of it is proved by this. */
export interface Nonce {
  readonly nonce: string;
  /** The id of its key. */
  readonly relay: string;
  readonly key: PublicJwk;
  /** Where it keeps attachments, or null. */
  readonly shelf: string | null;
}

export interface SentLog {
  readonly records: readonly string[];
  /** The relay's signed word on it, or null where it gave none. */
  readonly head: string | null;
}

export interface AttachRequest {
  readonly workspace: string;
  readonly records: readonly string[];
  readonly challenge: string;
  readonly registration: string | null;
}

export interface JoinRequest {
  readonly workspace: string;
  readonly invite: string;
  readonly challenge: string;
  readonly record?: string;
}

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly log: SentLog }
  | { readonly kind: 'conflict'; readonly records: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The relay's one answer to whatever is unknown or forbidden. */
  | { readonly kind: 'forbidden' };

/** Every call rejects with `unreachable` when nobody answers, `unsupported` when it is not a relay that this version knows. */
export interface RelayClient {
  check(): Promise<void>;
  nonce(): Promise<Nonce>;
  /** A ticket and when it ends by the relay's clock; null where the relay says no. */
  ticket(workspace: string, room: string, challenge: string): Promise<{ ticket: string; expires: number } | null>;
  /** Null where the relay does not know the workspace, or the ticket. */
  readLog(workspace: string, ticket: string | null): Promise<SentLog | null>;
  /** Appends; `conflict` carries what the relay has by now. */
  appendLog(workspace: string, ticket: string | null, records: readonly string[]): Promise<AppendOutcome>;
  join(request: JoinRequest): Promise<AppendOutcome>;
  attach(request: AttachRequest): Promise<AppendOutcome>;
  /** The log up to the record that took this device out; null where the relay says no. */
  farewell(workspace: string, challenge: string): Promise<readonly string[] | null>;
}

/**
 * @param demandLinks throws while nothing may be sent to another computer (`Rehearsal`).
 * @param ending ends what is under way: who closes waits for no relay that does not answer.
 */
export function relayClient(relay: RelayUrl, demandLinks: () => void, ending?: AbortSignal): RelayClient {
  const base = httpBase(relay);

  async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
    demandLinks();
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, {
        ...init,
        // A connection kept for later calls may have died while the computer slept or changed its network; nobody tells, and
        // the next call would wait on it until its patience ends, twice where two were kept.
        headers: { ...init.headers, connection: 'close' },
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(PATIENCE), ...(ending ? [ending] : [])]),
      });
      const answer = { status: response.status, body: await readBody(response) };
      if (answer.status === 429) throw busy(relay);
      return answer;
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw unreachable(relay, error);
    }
  }

  function post(path: string, body: unknown, ticket: string | null = null): Promise<{ status: number; body: unknown }> {
    const headers = { 'content-type': 'application/json', ...bearer(ticket) };
    return ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  function appended({ status, body }: { status: number; body: unknown }): AppendOutcome {
    const read = log.safeParse(body);
    if (status >= 200 && status < 300 && read.success) return { kind: 'appended', log: sent(read.data) };
    if (status === 409 && read.success) return { kind: 'conflict', records: read.data.records };
    if (status === 403 || status === 404) return { kind: 'forbidden' };
    return { kind: 'refused', reason: refusalIn(body) ?? `it answered ${status}` };
  }

  return {
    async check() {
      const { status, body } = await ask('/healthz');
      if (!health.safeParse(body).success || (status !== 200 && status !== 503)) throw notARelay(relay);
      if (status === 503) {
        throw new AppError(
          'unreachable',
          `The relay at ${relay} answers, but says that it is not well. Everything is kept on this computer. Ask whoever runs it, then try again.`,
        );
      }
    },
    async nonce() {
      const { status, body } = await ask('/v1/nonce');
      const read = nonce.safeParse(body);
      if (status !== 200 || !read.success) throw notARelay(relay);
      return read.data;
    },
    async ticket(workspace, room, challenge) {
      const { status, body } = await post('/v1/ticket', { workspace, room, challenge });
      const read = ticket.safeParse(body);
      if (status === 200 && read.success) return read.data;
      if (status === 403) return null;
      throw notARelay(relay);
    },
    async readLog(workspace, ticket) {
      const { status, body } = await ask(`/v1/log/${workspace}`, { headers: bearer(ticket) });
      if (status === 404 || status === 403) return null;
      const read = log.safeParse(body);
      if (status !== 200 || !read.success) throw notARelay(relay);
      return sent(read.data);
    },
    async appendLog(workspace, ticket, records) {
      return appended(await post(`/v1/log/${workspace}`, { records }, ticket));
    },
    async join(request) {
      return appended(await post('/v1/join', request));
    },
    async attach(request) {
      return appended(await post('/v1/attach', request));
    },
    async farewell(workspace, challenge) {
      const { status, body } = await post('/v1/farewell', { workspace, challenge });
      const read = log.safeParse(body);
      return status === 200 && read.success ? read.data.records : null;
    },
  };
}

function bearer(ticket: string | null): Record<string, string> {
  return ticket === null ? {} : { authorization: `Bearer ${ticket}` };
}

function sent({ records, head }: z.output<typeof log>): SentLog {
  return { records, head: head ?? null };
}

async function readBody(response: Response): Promise<unknown> {
  if (Number(response.headers.get('content-length') ?? 0) > LIMITS.log) throw new TypeError('the answer is too large');
  const text = await response.text();
  if (text.length > LIMITS.log) throw new TypeError('the answer is too large');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refusalIn(body: unknown): string | null {
  const said = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) }).safeParse(body);
  if (!said.success) return null;
  return (typeof said.data.error === 'string' ? said.data.error : said.data.error.message).slice(0, 300);
}

/** No answer came: nothing here was lost by it. */
export function unreachable(relay: RelayUrl, cause?: unknown): AppError {
  return new AppError(
    'unreachable',
    `The relay at ${relay} does not answer. Everything is kept on this computer. Check the address and that the relay is running, then try again.`,
    { cause },
  );
}

function busy(relay: RelayUrl): AppError {
  return new AppError(
    'unreachable',
    `The relay at ${relay} is asked too much at this moment. Everything is kept on this computer; it is tried again.`,
  );
}

function notARelay(relay: RelayUrl): AppError {
  return new AppError(
    'unsupported',
    `What answers at ${relay} is not a Caravan relay that this version knows. Nothing was changed. Check the address.`,
  );
}
