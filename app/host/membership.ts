// A workspace's membership log as this host holds it: verified, on disk, appended to by this device, put in order where that is this device's part. It talks to nobody. One file, for all of it changes together.
import type { DeviceKey, LogRecord, Membership, PublicJwk, RecordBody } from '../../shared/access/identity.ts';
import { signHead } from '../../shared/access/log-head.ts';
import { isInviteGood } from '../../shared/access/log-rules.ts';
import { evaluateLog, extendLog, signRecord, type EvaluatedLog } from '../../shared/access/membership-log.ts';
import { meetingKey } from '../../shared/access/meeting-key.ts';
import { ordererOf, takesOver, wordOf } from '../../shared/access/ordering.ts';
import {
  isRemoval,
  judgePending,
  nextInOrder,
  takenAway,
  type JudgedPending,
  type Pending,
} from '../../shared/access/pending-records.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { DataFolder } from './data-folder.ts';
import { addedDevices, logFacts, type LogFacts } from './log-facts.ts';
import { readOrder, writeOrder, type KeptOrder, type Word } from './order-file.ts';
import { writeLog } from './workspace-folder.ts';

/** What is stored; everything else follows from it. */
interface Kept {
  readonly texts: readonly string[];
  readonly log: EvaluatedLog;
  /** The leading part that was put in order; behind it stand records of this device that nobody ordered yet. */
  readonly ordered: EvaluatedLog;
  readonly word: Word | null;
  /** Records of others that are not in order. */
  readonly pending: readonly Pending[];
}

interface State extends Kept {
  /** My own that are not in order, and those of others, as far as they hold. */
  readonly judged: readonly JudgedPending[];
  readonly membership: Membership;
  readonly shared: Membership;
}

export type AdoptOutcome =
  /** The other end has all that this host has, and nothing more. */
  | { readonly kind: 'same' }
  /** The other end's newer records are here now. `dropped`: mine that the rules do not allow behind those. */
  | { readonly kind: 'adopted'; readonly dropped: readonly RecordBody[] }
  /** These records are here and not there; the other end's newer ones, if any, are here now. */
  | { readonly kind: 'push'; readonly records: readonly string[]; readonly dropped: readonly RecordBody[] };

export class WorkspaceLog {
  readonly workspace: string;
  readonly #folder: DataFolder;
  readonly #key: DeviceKey;
  /** Ids whose records are mine. */
  readonly #mine: ReadonlySet<string>;
  readonly #clock: Clock;
  readonly #changed = new Emitter<void>();
  #state: State;
  #facts: LogFacts | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  /** While somebody holds it, this device puts nothing in order. */
  #holds = 0;
  readonly onChange = this.#changed.event;

  private constructor(folder: DataFolder, key: DeviceKey, clock: Clock, state: State, former: readonly string[]) {
    this.workspace = state.log.membership.workspace;
    this.#folder = folder;
    this.#key = key;
    this.#mine = new Set([key.id, ...former]);
    this.#clock = clock;
    this.#state = state;
  }

  /**
   * Verifies `texts`; throws `damaged` with the place when they do not hold. Nothing is written.
   * @param former ids of this computer's earlier keys: their records that nobody else has are signed again by this one.
   */
  static async open(
    folder: DataFolder,
    key: DeviceKey,
    clock: Clock,
    texts: readonly string[],
    former: readonly string[] = [],
  ): Promise<WorkspaceLog> {
    const log = await evaluated(texts);
    const order = await readOrder(folder, log.membership.workspace);
    return new WorkspaceLog(folder, key, clock, await judged(await inOrder(texts, log, order), clock.now()), former);
  }

  /** What holds on this computer: with records of this device that nobody ordered yet, and without what others took away. */
  get membership(): Membership {
    return this.#state.membership;
  }

  /** By which other devices are judged: nobody gains anything by a record that is not in order, and removals count at once (PL5). */
  get shared(): Membership {
    return this.#state.shared;
  }

  /** What it tells beside the rights. */
  get facts(): LogFacts {
    const { records, membership } = this.#state.log;
    this.#facts ??= logFacts(records, addedDevices(records, membership.keys));
    return this.#facts;
  }

  /** The records as they are understood, oldest first. */
  get entries(): readonly LogRecord[] {
    return this.#state.log.records;
  }

  get records(): readonly string[] {
    return this.#state.texts;
  }

  /** How many leading records somebody who orders has signed for, and that word; others take no more than these. */
  get certified(): { readonly length: number; readonly head: string; readonly word: string } {
    const { word, log } = this.#state;
    return word
      ? { length: word.length, head: word.head, word: word.text }
      : { length: 1, head: log.records[0]?.hash ?? '', word: '' };
  }

  /** Records that are not in order yet, this device's own first: what others are to carry. */
  get pending(): readonly string[] {
    return this.#state.judged.map(({ text }) => text);
  }

  /** Records of others that follow the newest one here, as they are: whoever reaches the relay hands them in (PL11). */
  get carried(): readonly string[] {
    const { texts, ordered, judged: all } = this.#state;
    if (texts.length > ordered.records.length) return [];
    const carried: string[] = [];
    for (let head = ordered.membership.head; ;) {
      const next = nextInOrder(all, head);
      if (!next) return carried;
      carried.push(next.text);
      head = next.record.hash;
    }
  }

  /** By this those recognise each other who were let into this log (PE1). */
  meeting(): Promise<Uint8Array> {
    return meetingKey(this.records[0] ?? '');
  }

  /** Whether a record that is not in order brings in the device with this key (PL7). */
  introduces({ x }: PublicJwk): boolean {
    return this.#state.judged.some(({ fresh, record: { body } }) => {
      return fresh && (body.verb === 'member.join' || body.verb === 'device.add') && body.device.x === x;
    });
  }

  /** Whether somebody can join by an invite now, by this computer's clock. */
  isInviteGood(invite: string): boolean {
    return isInviteGood(this.membership, invite, this.#clock.now());
  }

  /** Whether it is this device that puts records in order. */
  get orders(): boolean {
    return this.#key.d !== '' && this.#isOrderer(this.#state.log.membership);
  }

  /**
   * Signs one record behind the newest and stores it. Throws `not-allowed` where the log's rules refuse it; nothing is kept then.
   * Without a relay it is in order at once on the device that orders, and pending on all others.
   */
  append(body: RecordBody): Promise<void> {
    return this.#inOrder(async () => {
      const { texts, log } = await this.#behind(this.#state, body);
      await this.#replace({ ...this.#state, texts, log });
    });
  }

  /** The log as it would be with one more record of this device. Nothing is kept of it until it is adopted. */
  async draft(body: RecordBody): Promise<readonly string[]> {
    return (await this.#behind(this.#state, body)).texts;
  }

  /** Writes what open() was given; used once, when a workspace comes into being. */
  store(): Promise<void> {
    return this.#inOrder(() => this.#write(this.#state));
  }

  /**
   * Puts nothing in order while `work` hands the log to somebody else who may order from then on: what was ordered meanwhile would make
   * a second history.
   */
  async unordered<T>(work: () => Promise<T>): Promise<T> {
    await this.#inOrder(() => Promise.resolve((this.#holds += 1)));
    try {
      return await work();
    } finally {
      this.#holds -= 1;
      await this.ready();
    }
  }

  /** Puts in order, and signs for, what this device is to order and has not: a folder of an earlier version, or a key that was closed. */
  ready(): Promise<void> {
    return this.#inOrder(async () => {
      const isDue = this.certified.length < this.records.length || this.#state.pending.length > 0;
      if (this.orders && isDue && this.#holds === 0) await this.#replace(this.#state);
    });
  }

  /**
   * Brings in a relay's copy. Records of mine that it lacks while it has newer ones of others are signed again behind
   * those, removals first. Another workspace's log is refused, and one that forks: records of others, or any of the first
   * `agreed` ones, which the other end has signed for, are never given up.
   */
  adopt(theirs: readonly string[], agreed = 0): Promise<AdoptOutcome> {
    return this.#inOrder(async () => {
      const mine = this.#state.texts;
      const common = commonLength(mine, theirs);
      if (common === theirs.length) {
        if (theirs.length > this.#state.ordered.records.length && this.#isOfRelay(this.#state.log)) {
          await this.#replace({ ...this.#state, ordered: await evaluated(theirs) });
        }
        return common === mine.length ? { kind: 'same' } : { kind: 'push', records: mine.slice(common), dropped: [] };
      }
      if (common === 0 || common < Math.min(agreed, mine.length)) throw forked('relay');
      const unsent = this.#state.log.records.slice(common);
      if (unsent.some((record) => !this.#mine.has(record.signer))) throw forked('relay');
      const log =
        common === mine.length ? await extended(this.#state.log, theirs.slice(common)) : await evaluated(theirs);
      const next = await this.#again({ texts: theirs, log }, unsent);
      const { ordered: before, word } = this.#state;
      const ordered = this.#isOfRelay(log) || before.records.length > common ? log : before;
      const holds = word !== null && word.length <= common ? word : null;
      await this.#replace({ ...this.#state, ...next.kept, ordered, word: holds });
      const records = next.kept.texts.slice(theirs.length);
      const { dropped } = next;
      return records.length === 0 ? { kind: 'adopted', dropped } : { kind: 'push', records, dropped };
    });
  }

  /** A relay's word that the log is so long and ends so: its records are in order. */
  settle(word: Word): Promise<void> {
    return this.#inOrder(async () => {
      const { log, texts, ordered, word: before } = this.#state;
      if (log.records[word.length - 1]?.hash !== word.head || before?.length === word.length) return;
      const grown = word.length <= ordered.records.length ? ordered : await evaluated(texts.slice(0, word.length));
      await this.#replace({ ...this.#state, ordered: grown, word });
    });
  }

  /**
   * Takes over what another member's computer has in order, all from the first record on, by the word for it. Records of mine
   * that are not among them are signed again behind; `dropped` are those that the rules refuse now. Throws for what does not
   * hold, for a word of somebody who does not order, and (`details.forked`) for another history, unless an owner's device took
   * the ordering over in it (PL8).
   */
  follow(theirs: readonly string[], signed: string): Promise<readonly RecordBody[]> {
    return this.#inOrder(async () => {
      const { texts: mine, log: own, pending } = this.#state;
      const known = this.certified;
      const common = commonLength(mine, theirs);
      if (common === 0) throw forked('peer');
      if (common === theirs.length && common <= known.length) return [];
      const shorter = await this.#evaluated(theirs.slice(0, -1), common);
      const log = shorter ? await extended(shorter, theirs.slice(-1)) : await evaluated(theirs);
      const said = await wordOf(log, shorter?.membership ?? null, signed);
      if (!said) throw notInOrder();
      if (common < known.length) {
        const mineInOrder = await evaluated(mine.slice(0, known.length));
        if (takesOver(mineInOrder, log, common)) return [];
        if (!takesOver(log, mineInOrder, common)) throw forked('peer');
      }
      const there = new Set(log.records.map(({ hash }) => hash));
      const rest = own.records.map((record, at) => ({ record, text: mine[at] ?? '' })).slice(common);
      const missing = rest.filter(({ record }) => !there.has(record.hash));
      const isMine = ({ record }: (typeof missing)[number]): boolean => this.#mine.has(record.signer);
      // A newcomer's record is their id: signed again it would be somebody else's.
      const again = missing.filter((one) => isMine(one) && one.record.body.verb !== 'member.join');
      const next = await this.#again(
        { texts: theirs, log },
        again.map(({ record }) => record),
      );
      const heard = this.#clock.now();
      const ofOthers = missing.filter((one) => !isMine(one)).map(({ text }) => ({ text, heard }));
      await this.#replace({
        ...next.kept,
        ordered: log,
        word: { length: said.length, head: said.head, text: signed },
        pending: [...pending, ...ofOthers],
      });
      return next.dropped;
    });
  }

  /** Records that others carry and nobody put in order yet. What does not hold is passed over. */
  hear(texts: readonly string[]): Promise<void> {
    return this.#inOrder(async () => {
      const known = new Set([...this.#state.pending.map(({ text }) => text), ...this.#state.texts]);
      const heard = this.#clock.now();
      const fresh = texts.filter((text) => !known.has(text)).map((text) => ({ text, heard }));
      if (fresh.length === 0) return;
      const before = this.#state.judged.length;
      const next = await judged({ ...this.#state, pending: [...this.#state.pending, ...fresh] }, heard);
      if (next.judged.length !== before || fresh.some(({ text }) => next.judged.some((one) => one.text === text))) {
        await this.#replace(next);
      }
    });
  }

  /** Mine that stand behind another record than they were signed behind, signed again where the rules allow them, removals first. */
  async #again(
    base: Pick<Kept, 'texts' | 'log'>,
    unsent: readonly LogRecord[],
  ): Promise<{ readonly kept: Pick<Kept, 'texts' | 'log'>; readonly dropped: readonly RecordBody[] }> {
    let kept = base;
    const dropped: RecordBody[] = [];
    for (const { body } of [...unsent].sort((a, b) => precedence(a) - precedence(b))) {
      const again = await this.#signed(kept, body);
      if (again) kept = again;
      else dropped.push(body);
    }
    return { kept, dropped };
  }

  /**
   * Where this device orders: its own records are in order as they are, then those of others that follow, removals first. A
   * removal that counted and cannot follow as it is (it was signed behind an older record, or its signer was removed by another
   * one at the same time) does not wait for its device: it is said again in the owner's name (PL6).
   */
  async #ordered(state: Kept): Promise<Kept> {
    if (this.#holds > 0 || this.#key.d === '' || !this.#isOrderer(state.log.membership)) return state;
    let at: Pick<Kept, 'texts' | 'log'> = state;
    const now = this.#clock.now();
    const due = new Map<string, RecordBody>();
    let left = state.pending;
    while (left.length > 0 && this.#isOrderer(at.log.membership)) {
      const pool = await judgePending(at.log, left, now);
      for (const { text, counts, record } of pool) if (counts) due.set(text, record.body);
      const next = nextInOrder(pool, at.log.membership.head);
      const [stuck] = due;
      const again = stuck && !(next && isRemoval(next.record.body)) ? stuck : null;
      const text = again ? again[0] : next?.text;
      if (text === undefined) break;
      at = (again ? await this.#signed(at, again[1]) : await taken(at, text)) ?? at;
      due.delete(text);
      left = left.filter((one) => one.text !== text);
    }
    const { texts, log } = at;
    const { head, workspace } = log.membership;
    const { length } = texts;
    if (state.word?.length === length && state.word.head === head) return { ...state, texts, log, ordered: log };
    const text = await signHead(this.#key, { workspace, length, head, at: now });
    return { ...state, texts, log, ordered: log, word: { length, head, text } };
  }

  /** At the cost of what is new; null for no records. */
  async #evaluated(theirs: readonly string[], common: number): Promise<EvaluatedLog | null> {
    const { ordered } = this.#state;
    const known = ordered.records.length;
    if (theirs.length === 0) return null;
    return known <= Math.min(common, theirs.length) ? extended(ordered, theirs.slice(known)) : evaluated(theirs);
  }

  #isOrderer(membership: Membership): boolean {
    const orderer = ordererOf(membership);
    return orderer.kind === 'device' && orderer.device === this.#key.id;
  }

  #isOfRelay({ membership }: EvaluatedLog): boolean {
    return ordererOf(membership).kind === 'relay';
  }

  async #behind(state: Pick<Kept, 'texts' | 'log'>, body: RecordBody): Promise<Pick<Kept, 'texts' | 'log'>> {
    const text = await this.#sign(state.log, body);
    const log = await extendLog(state.log, [text]);
    if (log.ok) return { texts: [...state.texts, text], log };
    throw new AppError('not-allowed', `That is not possible here: ${log.reason}. Nothing was changed.`);
  }

  /** The state with one record more, or null where the rules refuse it. */
  async #signed(state: Pick<Kept, 'texts' | 'log'>, body: RecordBody): Promise<Pick<Kept, 'texts' | 'log'> | null> {
    return taken(state, await this.#sign(state.log, body));
  }

  /** A workspace of the first kind has records of the first version, until its owner's first one of the second closes it. */
  #sign({ membership }: EvaluatedLog, body: RecordBody): Promise<string> {
    const { head, version } = membership;
    const first = version === 1 && (body.verb === 'space.create' || body.verb === 'member.join');
    return signRecord(this.#key, { version: first ? 1 : 2, previous: head, body, at: this.#clock.now() });
  }

  async #replace(next: Kept): Promise<void> {
    const state = await judged(await this.#ordered(next), this.#clock.now());
    await this.#write(state);
    this.#state = state;
    this.#facts = null;
    this.#changed.fire();
  }

  /** The log first: an order that names more than there is, is not believed. */
  async #write({ texts, ordered, word, pending }: Kept): Promise<void> {
    await writeLog(this.#folder, this.workspace, texts);
    await writeOrder(this.#folder, this.workspace, { ordered: ordered.records.length, word, pending });
  }

  #inOrder<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined); // The caller hears of it; the next one must still run.
    return result;
  }
}

async function evaluated(texts: readonly string[]): Promise<EvaluatedLog> {
  const log = await evaluateLog(texts);
  if (!log.ok) throw damaged(log.index, log.reason);
  return log;
}

async function extended(before: EvaluatedLog, more: readonly string[]): Promise<EvaluatedLog> {
  const log = await extendLog(before, more);
  if (!log.ok) throw damaged(log.index, log.reason);
  return log;
}

async function taken(
  { texts, log }: Pick<Kept, 'texts' | 'log'>,
  text: string,
): Promise<Pick<Kept, 'texts' | 'log'> | null> {
  const next = await extendLog(log, [text]);
  return next.ok ? { texts: [...texts, text], log: next } : null;
}

/** What was kept of the order, as far as it fits the log; a folder of an earlier version has nothing, and all counts as in order. */
async function inOrder(texts: readonly string[], log: EvaluatedLog, order: KeptOrder | null): Promise<Kept> {
  const fits = order !== null && order.ordered <= texts.length;
  const length = fits ? order.ordered : texts.length;
  const word = fits && order.word && log.records[order.word.length - 1]?.hash === order.word.head ? order.word : null;
  const ordered = length === texts.length ? log : await evaluated(texts.slice(0, length));
  return { texts, log, ordered, word, pending: order?.pending ?? [] };
}

/** What follows from what is kept; pending records that hold no more are let go. */
async function judged(kept: Kept, now: number): Promise<State> {
  const { texts, log, ordered } = kept;
  const own = texts.slice(ordered.records.length).map((text) => ({ text, heard: now }));
  const all = await judgePending(ordered, [...own, ...kept.pending], now);
  const mine = new Set(own.map(({ text }) => text));
  const others = all.filter(({ text }) => !mine.has(text));
  const pending = others.map(({ text, heard }) => ({ text, heard }));
  const removing = (from: readonly JudgedPending[]): LogRecord[] =>
    from.filter(({ counts }) => counts).map(({ record }) => record);
  return {
    texts,
    log,
    ordered,
    word: kept.word,
    pending,
    judged: all,
    membership: takenAway(log.membership, removing(others)),
    shared: takenAway(ordered.membership, removing(all)),
  };
}

function commonLength(mine: readonly string[], theirs: readonly string[]): number {
  let common = 0;
  while (common < mine.length && common < theirs.length && mine[common] === theirs[common]) common += 1;
  return common;
}

function precedence({ body }: LogRecord): number {
  return isRemoval(body) ? 0 : 1;
}

function damaged(index: number, reason: string): AppError {
  return new AppError(
    'damaged',
    `The list of members does not hold at its record ${index + 1}: ${reason}. What is on this computer was left as it is.`,
    { details: { index } },
  );
}

function notInOrder(): AppError {
  return new AppError(
    'not-allowed',
    'That computer shows a list of members that nobody put in order. Nothing was taken from it, and everything is kept here.',
  );
}

/** `details.forked`: nothing is taken from that end, or handed to it, until a person has looked. */
export function forked(other: 'relay' | 'peer'): AppError {
  const words =
    other === 'relay'
      ? 'The relay shows another history of this workspace than the one on this computer. Nothing was changed on either side, and everything is kept here. Ask whoever runs the relay whether it was restored or exchanged.'
      : 'That member’s computer has another history of this workspace’s members than this one. Nothing was changed on either side, and everything is kept here. Perhaps a computer of the owner was restored from an old backup: the owner’s command "caravan relay detach" on the computer that is right settles it.';
  return new AppError('not-allowed', words, { details: { forked: true } });
}
