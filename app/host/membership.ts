// A workspace's membership log as this host holds it: verified, on disk, appended to by this device. It talks to no relay.
import type { DeviceKey, LogRecord, Membership, RecordBody } from '../../shared/access/identity.ts';
import { evaluateLog, extendLog, signRecord, type EvaluatedLog } from '../../shared/access/membership-log.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { DataFolder } from './data-folder.ts';
import { addedDevices, logFacts, type LogFacts } from './log-facts.ts';
import { writeLog } from './workspace-folder.ts';

interface State {
  readonly texts: readonly string[];
  readonly log: EvaluatedLog;
}

export type AdoptOutcome =
  /** The other end has all that this host has, and nothing more. */
  | { readonly kind: 'same' }
  /** The other end's newer records are here now. `dropped`: mine that the rules do not allow behind those. */
  | { readonly kind: 'adopted'; readonly dropped: readonly RecordBody[] }
  /** These records are here and not there; the other end's newer ones, if any, are here now. */
  | { readonly kind: 'push'; readonly records: readonly string[]; readonly dropped: readonly RecordBody[] };

/** What takes something away goes first: whoever is removed must not act in between. */
const REMOVALS: ReadonlySet<RecordBody['verb']> = new Set([
  'member.remove',
  'device.remove',
  'space.revoke',
  'invite.revoke',
]);

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
    return new WorkspaceLog(folder, key, clock, await evaluated(texts), former);
  }

  get membership(): Membership {
    return this.#state.log.membership;
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

  /** Signs one record behind the newest and stores it. Throws `not-allowed` where the log's rules refuse it; nothing is kept then. */
  append(body: RecordBody): Promise<void> {
    return this.#inOrder(async () => this.#replace(await this.#behind(this.#state, body)));
  }

  /** The log as it would be with one more record of this device. Nothing is kept of it until it is adopted. */
  async draft(body: RecordBody): Promise<readonly string[]> {
    return (await this.#behind(this.#state, body)).texts;
  }

  /** Writes what open() was given; used once, when a workspace comes into being. */
  store(): Promise<void> {
    return this.#inOrder(() => writeLog(this.#folder, this.workspace, this.#state.texts));
  }

  /**
   * Brings in another end's copy. Records of mine that it lacks while it has newer ones of others are signed again behind
   * those, removals first. Another workspace's log is refused, and one that forks: records of others, or any of the first
   * `agreed` ones, which the other end has signed for, are never given up.
   */
  adopt(theirs: readonly string[], agreed = 0): Promise<AdoptOutcome> {
    return this.#inOrder(async () => {
      const mine = this.#state.texts;
      let common = 0;
      while (common < mine.length && common < theirs.length && mine[common] === theirs[common]) common += 1;
      if (common === theirs.length) {
        return common === mine.length ? { kind: 'same' } : { kind: 'push', records: mine.slice(common), dropped: [] };
      }
      if (common === 0 || common < Math.min(agreed, mine.length)) throw forked();
      const unsent = this.#state.log.records.slice(common);
      if (unsent.some((record) => !this.#mine.has(record.signer))) throw forked();
      let next = common === mine.length ? await extended(this.#state, theirs.slice(common)) : await evaluated(theirs);
      const dropped: RecordBody[] = [];
      for (const { body } of [...unsent].sort((a, b) => precedence(a) - precedence(b))) {
        const again = await this.#signed(next, body);
        if (again) next = again;
        else dropped.push(body);
      }
      await this.#replace(next);
      const records = next.texts.slice(theirs.length);
      return records.length === 0 ? { kind: 'adopted', dropped } : { kind: 'push', records, dropped };
    });
  }

  /**
   * Takes in records that follow the first `at` of this log. They may begin with some that are here already; a log that goes on
   * otherwise is another history and refused as `not-allowed` with `details.forked`, and records that do not hold as `damaged`.
   */
  extend(at: number, records: readonly string[]): Promise<void> {
    return this.#inOrder(async () => {
      const here = this.#state.texts.slice(at);
      if (at > this.#state.texts.length || here.some((text, index) => (records[index] ?? text) !== text))
        throw forked();
      const more = records.slice(here.length);
      if (more.length > 0) await this.#replace(await extended(this.#state, more));
    });
  }

  async #behind(state: State, body: RecordBody): Promise<State> {
    const text = await this.#sign(state, body);
    const log = await extendLog(state.log, [text]);
    if (log.ok) return { texts: [...state.texts, text], log };
    throw new AppError('not-allowed', `That is not possible here: ${log.reason}. Nothing was changed.`);
  }

  /** The state with one record more, or null where the rules refuse it. */
  async #signed(state: State, body: RecordBody): Promise<State | null> {
    const text = await this.#sign(state, body);
    const log = await extendLog(state.log, [text]);
    return log.ok ? { texts: [...state.texts, text], log } : null;
  }

  /** A workspace of the first kind has records of the first version, until its owner's first one of the second closes it. */
  #sign({ log: { membership } }: State, body: RecordBody): Promise<string> {
    const { head, version } = membership;
    const first = version === 1 && (body.verb === 'space.create' || body.verb === 'member.join');
    return signRecord(this.#key, { version: first ? 1 : 2, previous: head, body, at: this.#clock.now() });
  }

  async #replace(state: State): Promise<void> {
    await writeLog(this.#folder, this.workspace, state.texts);
    this.#state = state;
    this.#facts = null;
    this.#changed.fire();
  }

  #inOrder<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined); // The caller hears of it; the next one must still run.
    return result;
  }
}

async function evaluated(texts: readonly string[]): Promise<State> {
  const log = await evaluateLog(texts);
  if (!log.ok) throw damaged(log.index, log.reason);
  return { texts, log };
}

async function extended(state: State, more: readonly string[]): Promise<State> {
  const log = await extendLog(state.log, more);
  if (!log.ok) throw damaged(log.index, log.reason);
  return { texts: [...state.texts, ...more], log };
}

function precedence({ body }: LogRecord): number {
  return REMOVALS.has(body.verb) ? 0 : 1;
}

function damaged(index: number, reason: string): AppError {
  return new AppError(
    'damaged',
    `The list of members does not hold at its record ${index + 1}: ${reason}. What is on this computer was left as it is.`,
    { details: { index } },
  );
}

/** `details.forked`: nothing is taken from that end, or handed to it, until a person has looked. */
export function forked(): AppError {
  return new AppError(
    'not-allowed',
    'The relay shows another history of this workspace than the one on this computer. Nothing was changed on either side, and everything is kept here. Ask whoever runs the relay whether it was restored or exchanged.',
    { details: { forked: true } },
  );
}
