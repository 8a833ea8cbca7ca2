// A workspace's membership log as this host holds it: verified, on disk, appended to by this device. It talks to no relay.
import type { DeviceKey, LogRecord, Membership, RecordBody } from '../../shared/access/identity.ts';
import { evaluateLog, signRecord } from '../../shared/access/membership-log.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { DataFolder } from './data-folder.ts';
import { addedDevices, logFacts, type LogFacts } from './log-facts.ts';
import { writeLog } from './workspace-folder.ts';

interface State {
  readonly texts: readonly string[];
  readonly records: readonly LogRecord[];
  readonly membership: Membership;
}

export type AdoptOutcome =
  /** The other end has all that this host has, and nothing more. */
  | { readonly kind: 'same' }
  /** The other end's newer records are here now. */
  | { readonly kind: 'adopted' }
  /** These records are here and not there; the other end's newer ones, if any, are here now. */
  | { readonly kind: 'push'; readonly records: readonly string[] };

export class WorkspaceLog {
  readonly workspace: string;
  readonly #folder: DataFolder;
  readonly #key: DeviceKey;
  readonly #clock: Clock;
  readonly #changed = new Emitter<void>();
  #state: State;
  #facts: LogFacts | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  readonly onChange = this.#changed.event;

  private constructor(folder: DataFolder, key: DeviceKey, clock: Clock, state: State) {
    this.workspace = state.membership.workspace;
    this.#folder = folder;
    this.#key = key;
    this.#clock = clock;
    this.#state = state;
  }

  /** Verifies `texts`; throws `damaged` with the place when they do not hold. Nothing is written. */
  static async open(folder: DataFolder, key: DeviceKey, clock: Clock, texts: readonly string[]): Promise<WorkspaceLog> {
    return new WorkspaceLog(folder, key, clock, await evaluated(texts));
  }

  get membership(): Membership {
    return this.#state.membership;
  }

  /** What it tells beside the rights. */
  get facts(): LogFacts {
    this.#facts ??= logFacts(this.#state.records, addedDevices(this.#state.records, this.#state.membership.keys));
    return this.#facts;
  }

  /** The records as they are understood, oldest first. */
  get entries(): readonly LogRecord[] {
    return this.#state.records;
  }

  get records(): readonly string[] {
    return this.#state.texts;
  }

  /** Signs one record behind the newest and stores it. */
  append(body: RecordBody): Promise<void> {
    return this.#inOrder(async () => {
      await this.#replace(await this.#extend(this.#state.texts, this.#state.membership, body));
    });
  }

  /** Writes what open() was given; used once, when a workspace comes into being. */
  store(): Promise<void> {
    return this.#inOrder(() => writeLog(this.#folder, this.workspace, this.#state.texts));
  }

  /**
   * Brings in another end's copy. Records of mine that it lacks while it has newer ones of others are signed again behind
   * those. Another workspace's log, and one that forks records which are not mine, is refused.
   */
  adopt(theirs: readonly string[]): Promise<AdoptOutcome> {
    return this.#inOrder(async () => {
      const mine = this.#state.texts;
      let common = 0;
      while (common < mine.length && common < theirs.length && mine[common] === theirs[common]) common += 1;
      if (common === theirs.length) {
        return common === mine.length ? { kind: 'same' } : { kind: 'push', records: mine.slice(common) };
      }
      if (common === 0) throw forked();
      const unsent = this.#state.records.slice(common);
      if (unsent.some((record) => record.signer !== this.#key.id || record.body.verb !== 'space.create'))
        throw forked();
      let next = theirs;
      let { membership } = await evaluated(theirs);
      for (const record of unsent) {
        next = await this.#extend(next, membership, record.body);
        ({ membership } = await evaluated(next));
      }
      await this.#replace(next);
      return unsent.length === 0 ? { kind: 'adopted' } : { kind: 'push', records: next.slice(theirs.length) };
    });
  }

  async #extend(texts: readonly string[], { head, version }: Membership, body: RecordBody): Promise<readonly string[]> {
    return [...texts, await signRecord(this.#key, { version, previous: head, body, at: this.#clock.now() })];
  }

  async #replace(texts: readonly string[]): Promise<void> {
    const state = await evaluated(texts);
    await writeLog(this.#folder, this.workspace, texts);
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
  const outcome = await evaluateLog(texts);
  if (!outcome.ok) {
    throw new AppError(
      'damaged',
      `The list of members does not hold at its record ${outcome.index + 1}: ${outcome.reason}. What is on this computer was left as it is.`,
      { details: { index: outcome.index } },
    );
  }
  return { texts, records: outcome.records, membership: outcome.membership };
}

function forked(): AppError {
  return new AppError(
    'not-allowed',
    'The other end holds another history of this workspace than this computer. Nothing was changed on either. Ask whoever runs the relay whether it was restored or exchanged.',
  );
}
