// This device's way into one relay for one workspace: proves who it is, fetches tickets, attaches, keeps both copies of the log in step.
import type { DeviceKey, RecordBody } from '../../shared/access/identity.ts';
import { deviceId } from '../../shared/access/device-key.ts';
import { readHead } from '../../shared/access/log-head.ts';
import { hashRecord } from '../../shared/access/membership-log.ts';
import { isDetached } from '../../shared/access/ordering.ts';
import { isRegistrationKey, registrationProof } from '../../shared/access/registration.ts';
import { isAdmin } from '../../shared/access/roles.ts';
import { signChallenge } from '../../shared/access/ticket.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { forked, type WorkspaceLog } from './membership.ts';
import { type Nonce, type RelayClient, type SentLog } from './relay-client.ts';
import { isRecordableUrl, type RelayUrl } from './relay-url.ts';

/** What a relay signed for: its log was so long and ended so. A shorter or another one later is noticed. */
export interface Agreed {
  /** The id of the relay's key. */
  readonly relay: string;
  readonly length: number;
  readonly head: string;
}

export interface EntranceParts {
  readonly log: WorkspaceLog;
  readonly device: DeviceKey;
  readonly clock: Clock;
  readonly client: RelayClient;
  readonly url: RelayUrl;
  readonly agreed: () => Agreed | null;
  readonly onAgreed: (agreed: Agreed) => Promise<void>;
  /** Records of this device that are not possible any more, after what others did meanwhile. */
  readonly onDropped: (bodies: readonly RecordBody[]) => void;
}

/** Two hosts that append at the same time meet again after one round; more rounds mean that something is wrong. */
const ROUNDS = 8;
/** Milliseconds before its end from which a ticket is not used any more. */
const REST = 60_000;
/** A ticket is good for at least so long when it is given; what the relay's clock says of its end is not needed. */
const GOOD = 8 * 60_000;
const ALL = '*';

export class RelayEntrance {
  readonly #parts: EntranceParts;
  #shelf: string | null = null;
  #kept: { readonly ticket: string; readonly until: number } | null = null;

  constructor(parts: EntranceParts) {
    this.#parts = parts;
  }

  /** A ticket for one room (`<space>/<document>`) or for the whole workspace; null where the relay says no. */
  async ticket(room: string = ALL): Promise<string | null> {
    const { client, clock, log } = this.#parts;
    if (room === ALL && this.#kept && clock.now() < this.#kept.until) return this.#kept.ticket;
    const given = await client.ticket(log.workspace, room, await this.#challenge(await this.#nonce()));
    if (room === ALL) this.#kept = given && { ticket: given.ticket, until: clock.now() + GOOD - REST };
    return given?.ticket ?? null;
  }

  /** A ticket that was given may have lost its worth. */
  forget(): void {
    this.#kept = null;
  }

  /**
   * A fresh ticket for the workspace, with both copies of the log in step. A relay that lost the workspace, or took another key, is
   * handed it again by whoever may. Rejects with what people can read; `details.removed`: this device has no part any more.
   */
  async enter(registration: string | null): Promise<string> {
    this.forget();
    if (isDetached(this.#parts.log.membership)) throw noRelayAnyMore();
    let isStrange = (await this.isNamed()) === false;
    let ticket = await this.ticket();
    if (isStrange && ticket !== null) {
      await this.#learnFrom(ticket);
      isStrange = (await this.isNamed()) === false;
    }
    if (ticket === null || isStrange) {
      if (!isStrange && (await this.farewell())) throw removedHere();
      if (!this.mayAttach) throw isStrange ? strangeRelay(this.#parts.url) : refusedNow();
      await this.attach(registration);
      ticket = await this.ticket();
      if (ticket === null) throw refusedNow();
    }
    await this.sync(ticket);
    const { log, device } = this.#parts;
    if (!log.membership.devices.has(device.id)) throw removedHere();
    return ticket;
  }

  /** As enter(), with the ticket that is at hand. */
  async refresh(registration: string | null): Promise<void> {
    if (!this.#kept || this.#parts.clock.now() >= this.#kept.until) {
      await this.enter(registration);
      return;
    }
    try {
      await this.sync(this.#kept.ticket);
    } catch (error) {
      if (!(error instanceof AppError) || error.details?.['ticket'] !== true) throw error;
      await this.enter(registration);
    }
  }

  /** Brings both copies of the log in step, with a ticket of this device. Rejects with what people can read. */
  async sync(ticket: string): Promise<void> {
    const { client, log } = this.#parts;
    const first = await client.readLog(log.workspace, ticket);
    if (!first) {
      this.forget();
      throw refusedNow();
    }
    let theirs: SentLog = first;
    for (let round = 0; round < ROUNDS; round++) {
      await this.#judge(theirs);
      const outcome = await log.adopt(theirs.records, await this.#agreedLength(theirs));
      if (outcome.kind !== 'same' && outcome.dropped.length > 0) this.#parts.onDropped(outcome.dropped);
      if (outcome.kind !== 'push') {
        await this.#remember(theirs);
        return this.#handIn(ticket);
      }
      const answer = await client.appendLog(log.workspace, ticket, outcome.records);
      if (answer.kind === 'appended') {
        theirs = answer.log;
        if (theirs.records.length <= log.records.length) return this.#remember(theirs);
      } else if (answer.kind === 'conflict') {
        theirs = { records: answer.records, head: null };
      } else {
        throw notTaken(answer.kind === 'refused' ? answer.reason : 'this device may not add to it');
      }
    }
    throw new AppError(
      'timeout',
      'The list of members keeps changing on the relay. Everything is kept here; try again.',
    );
  }

  /** Records of others that peers gave to this computer, and that the relay has not. What it does not take stays pending. */
  async #handIn(ticket: string): Promise<void> {
    const { client, log } = this.#parts;
    const { carried } = log;
    if (carried.length === 0) return;
    const answer = await client.appendLog(log.workspace, ticket, carried);
    if (answer.kind !== 'appended') return;
    await this.#judge(answer.log);
    await log.adopt(answer.log.records, await this.#agreedLength(answer.log));
    await this.#remember(answer.log);
  }

  /**
   * Hands the workspace to the relay, with the registration key where one is given. Nothing is kept of a relay that refuses.
   */
  attach(registration: string | null): Promise<void> {
    return this.#parts.log.unordered(() => this.#attach(registration));
  }

  async #attach(registration: string | null): Promise<void> {
    const { client, log, url } = this.#parts;
    if (registration !== null && !isRegistrationKey(registration)) {
      throw new AppError(
        'bad-input',
        'This is not a registration key. Nothing was changed. "caravan-relay key", run where the relay runs, prints it.',
      );
    }
    for (let round = 0; round < ROUNDS; round++) {
      const nonce = await this.#nonce();
      const { relay } = log.membership;
      const named = relay?.key?.x === nonce.key.x && (relay.url === url || !isRecordableUrl(url));
      const address = isRecordableUrl(url) ? url : null;
      const records = named
        ? log.records
        : await log.draft({ verb: 'relay.set', key: nonce.key, url: address }).catch(() => log.records);
      const proof = registration === null ? null : await registrationProof(registration, log.workspace, nonce.nonce);
      const challenge = await this.#challenge(nonce);
      const answer = await client.attach({ workspace: log.workspace, records, challenge, registration: proof });
      switch (answer.kind) {
        case 'appended':
          await log.adopt(records);
          await this.#judge(answer.log);
          await log.adopt(answer.log.records);
          return this.#remember(answer.log);
        case 'conflict': {
          const outcome = await log.adopt(
            answer.records,
            await this.#agreedLength({ records: answer.records, head: null }),
          );
          if (outcome.kind !== 'same' && outcome.dropped.length > 0) this.#parts.onDropped(outcome.dropped);
          break;
        }
        case 'refused':
          throw notTaken(answer.reason);
        case 'forbidden':
          throw notAttached(url, registration !== null);
      }
    }
    throw new AppError('timeout', 'The list of members keeps changing. Nothing was changed; try again.');
  }

  /** Whether the relay here has the key that the log names; null where the log names none. */
  async isNamed(): Promise<boolean | null> {
    const named = this.#parts.log.membership.relay?.key;
    if (!named) return null;
    return (await this.#parts.client.nonce()).key.x === named.x;
  }

  /** Whether this device may hand the workspace to a relay. */
  get mayAttach(): boolean {
    const { membership } = this.#parts.log;
    const member = membership.members.get(membership.devices.get(this.#parts.device.id) ?? '');
    return member !== undefined && isAdmin(member.role);
  }

  /**
   * Learns whether this device was taken out: the relay then shows the log up to that record, which is signed by whoever did it.
   * The answer is whether it is in the log now.
   */
  async farewell(): Promise<boolean> {
    const { client, log, device } = this.#parts;
    const records = await client.farewell(log.workspace, await this.#challenge(await this.#nonce()));
    if (records) {
      const outcome = await log.adopt(records, await this.#agreedLength({ records, head: null }));
      if (outcome.kind !== 'same' && outcome.dropped.length > 0) this.#parts.onDropped(outcome.dropped);
    }
    return !log.membership.devices.has(device.id);
  }

  /** Another relay than the log names: its copy of the log may hold the record by which it took over. Nothing is handed to it. */
  async #learnFrom(ticket: string): Promise<void> {
    const { client, log } = this.#parts;
    const theirs = await client.readLog(log.workspace, ticket);
    if (!theirs) return;
    const outcome = await log.adopt(theirs.records);
    if (outcome.kind !== 'same' && outcome.dropped.length > 0) this.#parts.onDropped(outcome.dropped);
  }

  /** Where the relay keeps attachments, as it said last; null: it keeps none, or was not asked yet. */
  get shelf(): string | null {
    return this.#shelf;
  }

  async #nonce(): Promise<Nonce> {
    const nonce = await this.#parts.client.nonce();
    this.#shelf = nonce.shelf;
    return nonce;
  }

  #challenge({ nonce, relay }: Nonce): Promise<string> {
    const { device, log } = this.#parts;
    return signChallenge(device, { relay, workspace: log.workspace, nonce });
  }

  /** A signed head must be of the very records that came with it: else the relay says one thing and signs another. */
  async #judge({ records, head }: SentLog): Promise<void> {
    const said = await this.#head(head);
    const last = records.at(-1);
    if (!said || last === undefined) return;
    if (said.length !== records.length || said.head !== (await hashRecord(last))) throw forked('relay');
  }

  /** Of a relay with this key: how many records it signed for, which it must not show differently now. */
  async #agreedLength({ records }: SentLog): Promise<number> {
    const agreed = this.#parts.agreed();
    if (!agreed || agreed.relay !== (await this.#relayId())) return 0;
    const at = records[agreed.length - 1];
    // A log that was cut is mended by handing over what it lacks; one that ends differently is another history.
    if (at !== undefined && (await hashRecord(at)) !== agreed.head) throw forked('relay');
    return agreed.length;
  }

  async #remember({ head }: SentLog): Promise<void> {
    const said = await this.#head(head);
    const relay = await this.#relayId();
    if (!said || head === null || relay === null) return;
    await this.#parts.log.settle({ length: said.length, head: said.head, text: head });
    const before = this.#parts.agreed();
    if (before?.relay === relay && before.length === said.length && before.head === said.head) return;
    await this.#parts.onAgreed({ relay, length: said.length, head: said.head });
  }

  async #head(text: string | null): Promise<{ readonly length: number; readonly head: string } | null> {
    const named = this.#parts.log.membership.relay?.key;
    const id = await this.#relayId();
    if (text === null || !named || id === null) return null;
    const said = await readHead(text, { id, publicKey: named });
    return said?.workspace === this.#parts.log.workspace ? said : null;
  }

  async #relayId(): Promise<string | null> {
    const named = this.#parts.log.membership.relay?.key;
    return named ? deviceId(named) : null;
  }
}

/** Not for good: whoever runs the relay, or decides about the workspace, may be about to mend it. */
export function refusedNow(): AppError {
  return new AppError(
    'unreachable',
    'The relay does not let this device in at this moment. Everything is kept on this computer, and it is tried again.',
    { details: { ticket: true } },
  );
}

function noRelayAnyMore(): AppError {
  return new AppError(
    'unreachable',
    'This workspace goes on without a relay: its owner decided so. Everything is kept on this computer, and goes to the others when their computers meet.',
  );
}

export function removedHere(): AppError {
  return new AppError(
    'not-allowed',
    'This device has no part in this workspace any more. What is on this computer stays here and can be read; nobody takes further changes.',
    { details: { removed: true, closeCode: CLOSE.forbidden } },
  );
}

function strangeRelay(url: RelayUrl): AppError {
  return new AppError(
    'unreachable',
    `Another relay than the one of this workspace answers at ${url}. Nothing was handed to it, and everything is kept on this computer. The owner or an admin attaches the workspace to it if it is meant to take over.`,
  );
}

function notTaken(reason: string): AppError {
  return new AppError(
    'not-allowed',
    `The relay does not take this workspace's list of members: ${reason}. Everything is kept on this computer.`,
  );
}

function notAttached(url: RelayUrl, keyed: boolean): AppError {
  return new AppError(
    'not-allowed',
    keyed
      ? `The relay at ${url} does not take this workspace. Nothing was changed. Check the registration key ("caravan-relay key" prints it where the relay runs), and that you are the owner or an admin.`
      : `The relay at ${url} takes workspaces only with its registration key. Nothing was changed. "caravan-relay key" prints it where the relay runs; give it with --key.`,
  );
}
