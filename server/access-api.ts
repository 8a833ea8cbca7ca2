// The HTTP calls by which people get in: nonce, ticket, join, attach, and the membership log. Each judges who asks; none serves documents.
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { DeviceKey, Membership } from '../shared/access/identity.ts';
import { signHead } from '../shared/access/log-head.ts';
import type { Clock } from '../shared/base/clock.ts';
import type { Principal } from '../shared/link/room-source.ts';
import { LIMITS } from '../shared/protocol/limits.ts';
import { AttachDesk, attachRequest, records } from './attach-desk.ts';
import { FarewellDesk, farewellRequest } from './farewell-desk.ts';
import { answer, answerError, answerRefusal, answerTooMany, parseJson, readBody } from './http-answers.ts';
import { JoinDesk, joinRequest } from './join-desk.ts';
import type { AppendOutcome, MembershipLogs } from './membership-logs.ts';
import { Nonces } from './nonces.ts';
import { RateLimit } from './rate-limit.ts';
import { RecordRate } from './record-rate.ts';
import type { Registration } from './registration.ts';
import { logWorkspace } from './request-guard.ts';
import type { TicketGate } from './ticket-gate.ts';
import { TicketOffice, ticketRequest, WHOLE_WORKSPACE } from './ticket-office.ts';

const posted = z.strictObject({ records });
/** Seconds after which who asked too often may try again. */
const WAIT = 5;
/** The same for who added too many records: so long it takes until the next one may come. */
const RECORD_WAIT = 15;
/** Under `--open`, without a ticket. */
const ANYBODY: Principal = { device: null, member: null };

export interface AccessApiParts {
  readonly key: DeviceKey;
  readonly registration: Registration;
  readonly logs: MembershipLogs;
  readonly gate: TicketGate;
  readonly clock: Clock;
  /** `--open`: logs are read and written without a ticket. */
  readonly open: boolean;
  /** Of its attachments: whoever remembers what is here from another one asks again. */
  readonly shelf: string;
}

type Call = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export class AccessApi {
  readonly #parts: AccessApiParts;
  readonly #nonces: Nonces;
  readonly #tickets: TicketOffice;
  readonly #joins: JoinDesk;
  readonly #attaching: AttachDesk;
  readonly #farewells: FarewellDesk;
  readonly #records: RecordRate;
  readonly #limits: Readonly<Record<'entering' | 'joining' | 'attaching', RateLimit>>;
  readonly #calls: ReadonlyMap<string, Call>;

  constructor(parts: AccessApiParts) {
    this.#parts = parts;
    const { clock, key, logs, registration } = parts;
    const nonces = new Nonces(clock);
    this.#nonces = nonces;
    this.#tickets = new TicketOffice({ key, nonces, clock, membership: (id) => logs.membership(id) });
    this.#joins = new JoinDesk({ key, nonces, clock, logs });
    this.#farewells = new FarewellDesk({ key, nonces, logs });
    this.#attaching = new AttachDesk({ key, nonces, logs, registration });
    this.#records = new RecordRate(clock);
    this.#limits = {
      entering: new RateLimit(clock, LIMITS.enteringRate),
      joining: new RateLimit(clock, LIMITS.joiningRate),
      attaching: new RateLimit(clock, LIMITS.attachingRate),
    };
    this.#calls = new Map<string, Call>([
      ['GET /v1/nonce', this.#limited('entering', (_, response) => this.#nonce(response))],
      ['POST /v1/ticket', this.#limited('entering', (request, response) => this.#ticket(request, response))],
      ['POST /v1/join', this.#limited('joining', (request, response) => this.#join(request, response))],
      ['POST /v1/farewell', this.#limited('entering', (request, response) => this.#farewell(request, response))],
      ['POST /v1/attach', this.#limited('attaching', (request, response) => this.#attach(request, response))],
    ]);
  }

  /** The call that a request is for, or null. */
  callFor(request: IncomingMessage, path: string): Call | null {
    const call = this.#calls.get(`${request.method ?? ''} ${path}`);
    if (call) return call;
    const workspace = logWorkspace(path);
    if (workspace === null) return null;
    if (request.method === 'GET') return (_, response) => this.#readLog(workspace, request, response);
    if (request.method === 'POST') return (_, response) => this.#appendLog(workspace, request, response);
    return null;
  }

  #limited(limit: 'entering' | 'joining' | 'attaching', call: Call): Call {
    return async (request, response) => {
      if (this.#limits[limit].take(addressOf(request))) await call(request, response);
      else answerTooMany(response, WAIT);
    };
  }

  #nonce(response: ServerResponse): Promise<void> {
    const { key, shelf } = this.#parts;
    answer(response, 200, { nonce: this.#nonces.give().nonce, relay: key.id, key: key.publicKey, shelf });
    return Promise.resolve();
  }

  async #ticket(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request, response, ticketRequest, LIMITS.smallBody);
    if (!body) return;
    const ticket = await this.#tickets.ticket(body);
    if (ticket) answer(response, 200, ticket);
    else answerRefusal(response);
  }

  async #join(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request, response, joinRequest, LIMITS.smallBody);
    if (!body) return;
    const outcome = await this.#joins.join(body);
    if (outcome.kind === 'refused') answerRefusal(response);
    else answer(response, outcome.kind === 'welcome' ? 200 : 409, { records: outcome.records });
  }

  async #farewell(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request, response, farewellRequest, LIMITS.smallBody);
    if (!body) return;
    const records = await this.#farewells.records(body);
    if (records) answer(response, 200, { records });
    else answerRefusal(response);
  }

  async #attach(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request, response, attachRequest);
    if (body) await this.#appended(body.workspace, await this.#attaching.attach(body), response);
  }

  async #readLog(workspace: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await this.#logUser(workspace, request))) {
      answerRefusal(response);
      return;
    }
    const kept = this.#parts.logs.read(workspace);
    if (kept.length > 0) answer(response, 200, { records: kept, head: await this.#head(workspace, kept.length) });
    else answerError(response, 404, 'not-found', 'This relay does not know that workspace.');
  }

  async #appendLog(workspace: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const user = await this.#logUser(workspace, request);
    if (!user) {
      answerRefusal(response);
      return;
    }
    const body = await read(request, response, posted);
    if (!body) return;
    const { member } = user;
    const takes = (current: Membership | null, fresh: readonly string[]): number =>
      current === null || member === null ? fresh.length : this.#records.take(current, member, fresh);
    await this.#appended(workspace, await this.#parts.logs.append(workspace, body.records, { takes }), response);
  }

  async #appended(workspace: string, outcome: AppendOutcome, response: ServerResponse): Promise<void> {
    switch (outcome.kind) {
      case 'appended': {
        const { length } = outcome.records;
        answer(response, 200, { records: outcome.records, head: await this.#head(workspace, length) });
        return;
      }
      case 'stale':
        answer(response, 409, { records: outcome.records });
        return;
      case 'refused':
        answerError(response, 422, 'bad-input', `The records do not hold: ${outcome.reason}. Nothing was stored.`);
        return;
      case 'unwanted':
        answerRefusal(response);
        return;
      case 'too-many':
        answerTooMany(
          response,
          RECORD_WAIT,
          'Many records came from you. What fits is stored; hand in the rest later.',
        );
        return;
    }
  }

  /** Rule RE56: this relay's word that the log was `length` records long and ended as it did then. */
  #head(workspace: string, length: number): Promise<string> {
    const { logs, key, clock } = this.#parts;
    const head = logs.hashAt(workspace, length - 1);
    return signHead(key, { workspace, length, head, at: clock.now() });
  }

  /** Who may read the log and add to it; null for everybody else. */
  async #logUser(workspace: string, request: IncomingMessage): Promise<Principal | null> {
    const ticket = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (ticket === undefined) return this.#parts.open ? ANYBODY : null;
    return this.#parts.gate.admit(ticket, workspace, WHOLE_WORKSPACE);
  }
}

/** The body, or null after what is wrong with its form was answered. */
async function read<Schema extends z.ZodType>(
  request: IncomingMessage,
  response: ServerResponse,
  schema: Schema,
  limit?: number,
): Promise<z.output<Schema> | null> {
  const body = schema.safeParse(parseJson(await readBody(request, limit)));
  if (body.success) return body.data;
  answerError(response, 400, 'bad-input', 'The body is not the JSON of this call.');
  return null;
}

/** Whose requests count together: an address, and of IPv6 the network that one subscriber has. */
function addressOf({ socket }: IncomingMessage): string {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  // Hashed, so that the table holds nobody's address.
  return createHash('sha256')
    .update(isIPv6(address) ? networkOf(address) : address)
    .digest('base64url');
}

/** The first 64 bits. */
function networkOf(address: string): string {
  const [left = '', right] = address.split('%', 1)[0]?.split('::') ?? [];
  const head = left.split(':').filter(Boolean);
  const tail = (right ?? '').split(':').filter(Boolean);
  const gap = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  return [...head, ...Array.from({ length: gap }, () => '0'), ...tail].slice(0, 4).join(':');
}
