// Turns what is new in the inboxes into desktop notifications: judged, gathered, each once, one for all that a landing brought (docs/notifications.md). It draws nothing.
import type { Clock } from '../../../shared/base/clock.ts';
import { toWireError } from '../../../shared/base/app-error.ts';
import { DisposableStore } from '../../../shared/base/disposable.ts';
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import type { Event } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { readLevel } from '../../../shared/model/personal/levels.ts';
import { readWishes, type NotificationWishes } from '../../../shared/model/personal/notifications.ts';
import { personalRoom } from '../../../shared/model/personal/personal.ts';
import type { InboxEntry } from '../../contract/inbox.ts';
import type { NoticePlace } from '../../contract/notify.ts';
import { parseJson } from '../data-folder.ts';
import type { RoomDocuments } from '../room-documents.ts';
import type { Settings } from '../settings.ts';
import { Gatherer } from './gatherer.ts';
import type { Notifier } from './notifier.ts';
import type { OpenWindows } from './open-windows.ts';
import { isDisturbing, judge, levelFor } from './policy.ts';
import { tellDigest, tellLanding, tellOne, tellSeveral, tellTry, type Names, type Told } from './words.ts';
import type { WallClock } from './wall-clock.ts';

/** What it hears of the inboxes. `onFresh` fires once for each entry of this computer. */
export interface NotifiedInbox {
  list(workspace: string): readonly InboxEntry[];
  count(workspace: string): number;
  readonly onFresh: Event<{ readonly workspace: string; readonly entries: readonly InboxEntry[] }>;
  readonly onChange: Event<string>;
  settled(): Promise<void>;
}

export interface NotifyParts {
  readonly inbox: NotifiedInbox;
  readonly landings: {
    isUnderWay(workspace: string): boolean;
    last(workspace: string): { readonly to: number } | null;
    readonly onEnd: Event<string>;
  };
  /** Fires once for a landing that brought something, behind the end of it. */
  readonly digests: {
    readonly onLanded: Event<{ readonly workspace: string; readonly counts: Readonly<Record<string, number>> }>;
  };
  readonly documents: Pick<RoomDocuments, 'readStored'>;
  readonly settings: Pick<Settings, 'disturb' | 'stays'>;
  readonly values: ValueStore;
  readonly windows: OpenWindows;
  readonly notifier: Notifier;
  readonly workspaces: () => readonly string[];
  readonly memberOf: (workspace: string) => string | null;
  readonly names: (workspace: string) => Names;
  readonly wall: () => WallClock;
  readonly clock: Clock;
  readonly logger: Logger;
}

const AREA = 'notify';
const TOLD = '/told';
/** Overlaps are found from sessions, which come behind the documents: for so long they belong to what a landing told. */
const BEHIND = 2 * 60_000;

export class Notify {
  readonly #parts: NotifyParts;
  readonly #held = new DisposableStore();
  readonly #gatherers = new Map<string, Gatherer<string>>();
  /** By workspace, what came with a landing and was not told yet. */
  readonly #landed: Map<string, Set<string>>;
  /** By workspace, when the newest landing here began that was told, and when one ended since the start. */
  readonly #told: Map<string, number>;
  readonly #endedAt = new Map<string, number>();
  /** Workspaces whose landing has ended, while the inbox still reads what it brought. */
  readonly #ending = new Set<string>();
  /** What is under way, one after the other. */
  #work: Promise<unknown> = Promise.resolve();
  #count = -1;
  #closed = false;

  private constructor(parts: NotifyParts, landed: Map<string, Set<string>>, told: Map<string, number>) {
    this.#parts = parts;
    this.#landed = landed;
    this.#told = told;
    const { inbox, landings, digests } = parts;
    this.#held.add(inbox.onFresh(({ workspace, entries }) => this.#came(workspace, entries)));
    this.#held.add(inbox.onChange(() => this.#tellCount()));
    this.#held.add(
      landings.onEnd((workspace) => {
        this.#endedAt.set(workspace, parts.clock.now());
        this.#land(workspace);
      }),
    );
    this.#held.add(digests.onLanded(({ workspace, counts }) => this.#landWith(workspace, counts)));
  }

  static async open(parts: NotifyParts): Promise<Notify> {
    const landed = new Map<string, Set<string>>();
    const told = new Map<string, number>();
    for await (const [key, value] of parts.values.entries(AREA)) {
      const stored: unknown = parseJson(fromUtf8(value) ?? '');
      const known = Array.isArray(stored) ? stored.filter((id): id is string => typeof id === 'string') : [];
      if (known.length > 0) landed.set(key, new Set(known));
      if (key.endsWith(TOLD) && typeof stored === 'number') told.set(key.slice(0, -TOLD.length), stored);
    }
    return new Notify(parts, landed, told);
  }

  /** Once workspaces are open: what a landing brought that a crash cut off is told now. */
  start(): void {
    this.#parts.notifier.stay(this.#parts.settings.stays);
    this.#tellCount();
    for (const workspace of this.#landed.keys()) {
      if (!this.#parts.landings.isUnderWay(workspace)) this.#land(workspace);
    }
  }

  /** Shows one, whatever is set; false: nobody is there who could. */
  tryOne(workspace: string): boolean {
    return this.#show(tellTry(), { to: 'settings', workspace });
  }

  /** What the computer's own settings say is heard at once. */
  settingsChanged(): void {
    this.#parts.notifier.stay(this.#parts.settings.stays);
  }

  /** Resolves when nothing is under way; what is gathered still waits for its moment. */
  async settled(): Promise<void> {
    await this.#parts.inbox.settled();
    await this.#work;
  }

  async forget(workspace: string): Promise<void> {
    this.#gatherers.get(workspace)?.dispose();
    this.#gatherers.delete(workspace);
    this.#landed.delete(workspace);
    this.#told.delete(workspace);
    await this.#parts.values.write([workspace, workspace + TOLD].map((key) => ({ area: AREA, key, value: null })));
    this.#tellCount();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#held.dispose();
    for (const gatherer of this.#gatherers.values()) gatherer.dispose();
    await this.#work;
  }

  #came(workspace: string, entries: readonly InboxEntry[]): void {
    const ids = entries.map(({ id }) => id);
    if (this.#parts.landings.isUnderWay(workspace) || this.#ending.has(workspace)) {
      this.#hold(workspace, ids);
      return;
    }
    const [behind, news] = [true, false].map((is) =>
      entries.filter((entry) => this.#isBehind(workspace, entry) === is),
    );
    if (news && news.length > 0) this.#gathererOf(workspace).add(news.map(({ id }) => id));
    if (!behind || behind.length === 0) return;
    this.#hold(
      workspace,
      behind.map(({ id }) => id),
    );
    this.#land(workspace);
  }

  /** Found from the sessions of a landing that has ended: part of the one notification of it. */
  #isBehind(workspace: string, { reason }: InboxEntry): boolean {
    const endedAt = this.#endedAt.get(workspace);
    const isFound = reason === 'overlap' || reason === 'moved';
    return isFound && endedAt !== undefined && this.#parts.clock.now() - endedAt < BEHIND;
  }

  /** Stored, so that a crash while it lands takes nothing from the one notification at its end. */
  #hold(workspace: string, ids: readonly string[]): void {
    const landed = this.#landed.get(workspace) ?? new Set<string>();
    this.#landed.set(workspace, landed);
    for (const id of ids) landed.add(id);
    const value = utf8(JSON.stringify([...landed]));
    this.#then('landing-not-held', () => this.#parts.values.write([{ area: AREA, key: workspace, value }]));
  }

  #land(workspace: string): void {
    this.#ending.add(workspace);
    this.#then('landing-not-told', async () => {
      await this.#parts.inbox.settled().finally(() => this.#ending.delete(workspace));
      const ids = this.#landed.get(workspace);
      if (!ids) return;
      // Taken out of the store before it is shown: rather not told than told twice.
      this.#landed.delete(workspace);
      await this.#parts.values.write([{ area: AREA, key: workspace, value: null }]);
      const { entries, wishes } = await this.#worth(workspace, ids);
      if (entries.length > 0) await this.#showLanding(workspace, tellLanding(entries, wishes.hide));
    });
  }

  /** What came calls on nobody, and is told all the same: cards that moved, pages that are followed. */
  #landWith(workspace: string, counts: Readonly<Record<string, number>>): void {
    this.#then('landing-not-told', async () => {
      const { settings, wall, clock } = this.#parts;
      const { wishes } = await this.#worth(workspace, new Set());
      const now = clock.now();
      const isQuiet =
        isDisturbing(settings.disturb, now) || (wishes.quiet !== null && wall().isQuiet(wishes.quiet, now));
      const told = tellDigest(counts, wishes.hide);
      if (told && wishes.on && !isQuiet) await this.#showLanding(workspace, told);
    });
  }

  /** One for a landing, whatever tells of it first; noted before it is shown. */
  async #showLanding(workspace: string, told: Told): Promise<void> {
    const { landings, values, clock } = this.#parts;
    const landing = landings.last(workspace)?.to ?? clock.now();
    if (this.#told.get(workspace) === landing) return;
    this.#told.set(workspace, landing);
    await values.write([{ area: AREA, key: workspace + TOLD, value: utf8(JSON.stringify(landing)) }]);
    this.#show(told, { to: 'digest', workspace });
  }

  #gathererOf(workspace: string): Gatherer<string> {
    const known = this.#gatherers.get(workspace);
    if (known) return known;
    const gatherer = new Gatherer<string>(this.#parts.clock, (ids) =>
      this.#then('not-notified', () => this.#tell(workspace, new Set(ids))),
    );
    this.#gatherers.set(workspace, gatherer);
    return gatherer;
  }

  /** Whether one was shown. */
  async #tell(workspace: string, ids: ReadonlySet<string>): Promise<boolean> {
    const { entries, wishes } = await this.#worth(workspace, ids);
    const [first] = entries;
    if (!first) return false;
    const names = this.#parts.names(workspace);
    if (entries.length > 1) {
      return this.#show(tellSeveral(entries, names, wishes.hide), { to: 'inbox', workspace });
    }
    const { document, kind, place } = first;
    return this.#show(tellOne(first, names, wishes.hide), { to: 'thing', workspace, document, kind, place });
  }

  /** Of those, what is to be shown as things are now, the newest first as the inbox has them. */
  async #worth(
    workspace: string,
    ids: ReadonlySet<string>,
  ): Promise<{ readonly entries: readonly InboxEntry[]; readonly wishes: NotificationWishes }> {
    const { inbox, documents, memberOf, settings, wall, clock, windows } = this.#parts;
    const me = memberOf(workspace) ?? '';
    const listed = inbox.list(workspace).filter(({ id }) => ids.has(id));
    const wishes = await documents.readStored(personalRoom(workspace, me, 'notifications'), readWishes);
    const levels = await documents.readStored(personalRoom(workspace, me, 'levels'), (doc) =>
      listed.map((entry) => levelFor(entry, (id) => readLevel(doc, id), wishes.spaces)),
    );
    const situation = { wishes, disturb: settings.disturb, wall: wall(), now: clock.now(), shown: windows.shown };
    const entries = listed.filter((entry, index) => {
      const level = levels[index] ?? 'all';
      return judge(workspace, entry, { ...situation, level }) === 'show';
    });
    return { entries, wishes };
  }

  #show(told: Told, place: NoticePlace): boolean {
    return !this.#closed && this.#parts.notifier.show({ id: randomId(), ...told, place });
  }

  #tellCount(): void {
    const { inbox, notifier, workspaces } = this.#parts;
    const count = workspaces().reduce((sum, workspace) => sum + inbox.count(workspace), 0);
    if (count === this.#count || this.#closed) return;
    this.#count = count;
    notifier.count(count);
  }

  /** Behind what is under way; what fails is said in the log, and the inbox has it all the same. */
  #then<T>(event: string, work: () => Promise<T>): Promise<T | null> {
    const next = this.#work.then(work).catch((error: unknown) => {
      this.#parts.logger.log('warn', event, { code: toWireError(error).code });
      return null;
    });
    this.#work = next;
    return next;
  }
}
