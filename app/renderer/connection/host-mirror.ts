// What the host last told about workspaces, spaces, documents, members, truths and jobs; plain data, no runes, no documents.
import { Emitter } from '../../../shared/base/emitter.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import type { Announcement } from '../../contract/calls.ts';
import type {
  AsideEntry,
  DocEntry,
  ImportReport,
  JobStatus,
  MemberEntry,
  SpaceEntry,
  Truths,
  WorkspaceEntry,
} from '../../contract/entities.ts';
import type { RecoveryState } from '../../contract/recovery.ts';
import type { HostConnection } from './host-connection.ts';

/** What a listener hears: which part changed, of which workspace (null: of all). */
export interface MirrorChange {
  readonly part: 'workspaces' | 'spaces' | 'documents' | 'members' | 'truths' | 'aside' | 'favourites' | 'jobs';
  readonly workspace: string | null;
}

export interface Job {
  readonly status: JobStatus;
  readonly report: ImportReport | null;
}

interface WorkspaceMirror {
  spaces: readonly SpaceEntry[];
  documents: Map<string, DocEntry>;
  members: readonly MemberEntry[];
  truths: Truths | null;
  aside: readonly AsideEntry[];
  favourites: readonly string[];
  /** False until everything was read once. */
  loaded: boolean;
}

function emptyMirror(): WorkspaceMirror {
  return { spaces: [], documents: new Map(), members: [], truths: null, aside: [], favourites: [], loaded: false };
}

const NESTED: ReadonlySet<keyof DocEntry> = new Set(['properties', 'trashed', 'aliases']);

function sameEntry(a: DocEntry, b: DocEntry): boolean {
  const keys = Object.keys(b) as (keyof DocEntry)[];
  if (keys.length !== Object.keys(a).length) return false;
  return keys.every(
    (key) => a[key] === b[key] || (NESTED.has(key) && JSON.stringify(a[key]) === JSON.stringify(b[key])),
  );
}

/** Kept over a lost connection, read anew after each reconnect; entries that did not change stay the same objects. */
export class HostMirror implements Disposable {
  readonly #connection: HostConnection;
  readonly #changes = new Emitter<MirrorChange>();
  readonly #held = new DisposableStore();
  readonly #mirrors = new Map<string, WorkspaceMirror>();
  readonly #jobs = new Map<string, Job>();
  /** Documents announced while a list was being read: the announcement is the newer word. */
  #announcedSince = new Map<string, Set<string>>();
  #workspaces: readonly WorkspaceEntry[] = [];
  #known = false;
  #recovery: RecoveryState | null = null;
  #notices: readonly string[] = [];
  #version = '';
  #device = '';
  /** Grows with each reconnect, so that an answer of an older connection is dropped. */
  #round = 0;

  constructor(connection: HostConnection) {
    this.#connection = connection;
    this.#held.add(connection.onAnnouncement((announcement) => this.#hear(announcement)));
    this.#held.add(
      connection.onStatus((status) => {
        if (status.state === 'online') void this.#readAll();
      }),
    );
    if (connection.status.state === 'online') void this.#readAll();
  }

  readonly onChange = this.#changes.event;

  /** False until the host has said hello once. */
  get known(): boolean {
    return this.#known;
  }
  get version(): string {
    return this.#version;
  }
  /** This computer's device id; '' until the host has said hello. */
  get device(): string {
    return this.#device;
  }
  get workspaces(): readonly WorkspaceEntry[] {
    return this.#workspaces;
  }
  /** Set while the host's store is damaged: then there is nothing else. */
  get recovery(): RecoveryState | null {
    return this.#recovery;
  }
  /** What happened to the data folder that its person should know. */
  get notices(): readonly string[] {
    return this.#notices;
  }
  spaces(workspace: string): readonly SpaceEntry[] {
    return this.#mirrors.get(workspace)?.spaces ?? [];
  }
  documents(workspace: string): ReadonlyMap<string, DocEntry> {
    return this.#mirrors.get(workspace)?.documents ?? new Map();
  }
  members(workspace: string): readonly MemberEntry[] {
    return this.#mirrors.get(workspace)?.members ?? [];
  }
  truths(workspace: string): Truths | null {
    return this.#mirrors.get(workspace)?.truths ?? null;
  }
  /** Words that could not stay in a document, oldest first. */
  aside(workspace: string): readonly AsideEntry[] {
    return this.#mirrors.get(workspace)?.aside ?? [];
  }
  /** My own, in the order of my list; some may be of documents that are not here. */
  favourites(workspace: string): readonly string[] {
    return this.#mirrors.get(workspace)?.favourites ?? [];
  }
  /** Whether the workspace's lists have been read at least once. */
  loaded(workspace: string): boolean {
    return this.#mirrors.get(workspace)?.loaded ?? false;
  }
  job(id: string): Job | null {
    return this.#jobs.get(id) ?? null;
  }
  get jobs(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  /** Asks for the truths now; what the answer says is at least as new as this call. Null when the host is away. */
  async refreshTruths(workspace: string): Promise<Truths | null> {
    try {
      const truths = await this.#connection.call('workspace.truths', { workspace });
      this.#setTruths(workspace, truths);
      return truths;
    } catch {
      return null; // Without a host there is no newer truth; its absence is shown by the connection's status.
    }
  }

  dispose(): void {
    this.#held.dispose();
    this.#changes.clear();
  }

  async #readAll(): Promise<void> {
    const round = ++this.#round;
    try {
      const hello = await this.#connection.call('hello', {});
      if (round !== this.#round) return;
      this.#version = hello.version;
      this.#device = hello.device;
      this.#recovery = hello.recovery ?? null;
      this.#notices = Object.freeze([...hello.notices]);
      this.#setWorkspaces(hello.workspaces);
    } catch {
      return; // The connection ended meanwhile (its status says so), and the next one reads again.
    }
  }

  #setWorkspaces(workspaces: readonly WorkspaceEntry[]): void {
    this.#workspaces = Object.freeze([...workspaces]);
    this.#known = true;
    this.#changes.fire({ part: 'workspaces', workspace: null });
    for (const { id } of workspaces) void this.#readWorkspace(id);
  }

  async #readWorkspace(workspace: string): Promise<void> {
    const round = this.#round;
    const announced = new Set<string>();
    this.#announcedSince.set(workspace, announced);
    try {
      const [spaces, documents, members, truths, aside, favourites] = await Promise.all([
        this.#connection.call('space.list', { workspace }),
        this.#connection.call('doc.list', { workspace }),
        this.#connection.call('workspace.members', { workspace }),
        this.#connection.call('workspace.truths', { workspace }),
        this.#connection.call('aside.list', { workspace }),
        this.#connection.call('favourites.list', { workspace }),
      ]);
      if (round !== this.#round) return;
      const mirror = this.#mirror(workspace);
      mirror.spaces = Object.freeze([...spaces]);
      mirror.members = Object.freeze([...members]);
      mirror.truths = truths;
      mirror.aside = Object.freeze([...aside]);
      mirror.favourites = Object.freeze([...favourites]);
      const listed = new Set(documents.map((entry) => entry.id));
      this.#mergeDocuments(
        mirror,
        documents.filter((entry) => !announced.has(entry.id)),
        [...mirror.documents.keys()].filter((id) => !listed.has(id) && !announced.has(id)),
      );
      mirror.loaded = true;
      for (const part of ['spaces', 'members', 'truths', 'aside', 'favourites', 'documents'] as const)
        this.#changes.fire({ part, workspace });
    } catch {
      return; // As in #readAll: the connection's status tells, the next connection reads again.
    }
  }

  #mirror(workspace: string): WorkspaceMirror {
    let mirror = this.#mirrors.get(workspace);
    if (!mirror) {
      mirror = emptyMirror();
      this.#mirrors.set(workspace, mirror);
    }
    return mirror;
  }

  #mergeDocuments(mirror: WorkspaceMirror, changed: readonly DocEntry[], removed: readonly string[]): boolean {
    let any = false;
    for (const entry of changed) {
      const before = mirror.documents.get(entry.id);
      if (before && sameEntry(before, entry)) continue;
      mirror.documents.set(entry.id, Object.freeze({ ...entry }));
      any = true;
    }
    for (const id of removed) any = mirror.documents.delete(id) || any;
    return any;
  }

  #setTruths(workspace: string, truths: Truths): void {
    this.#mirror(workspace).truths = truths;
    this.#changes.fire({ part: 'truths', workspace });
  }

  #hear(announcement: Announcement): void {
    switch (announcement.event) {
      case 'workspaces':
        this.#setWorkspaces(announcement.workspaces);
        return;
      case 'spaces':
        this.#mirror(announcement.workspace).spaces = Object.freeze([...announcement.spaces]);
        this.#changes.fire({ part: 'spaces', workspace: announcement.workspace });
        return;
      case 'members':
        this.#mirror(announcement.workspace).members = Object.freeze([...announcement.members]);
        this.#changes.fire({ part: 'members', workspace: announcement.workspace });
        return;
      case 'truths':
        this.#setTruths(announcement.workspace, announcement.truths);
        return;
      case 'aside':
        this.#mirror(announcement.workspace).aside = Object.freeze([...announcement.passages]);
        this.#changes.fire({ part: 'aside', workspace: announcement.workspace });
        return;
      case 'favourites':
        this.#mirror(announcement.workspace).favourites = Object.freeze([...announcement.documents]);
        this.#changes.fire({ part: 'favourites', workspace: announcement.workspace });
        return;
      case 'catalogue': {
        const mirror = this.#mirror(announcement.workspace);
        const since = this.#announcedSince.get(announcement.workspace);
        for (const { id } of announcement.changed) since?.add(id);
        for (const id of announcement.removed) since?.add(id);
        if (this.#mergeDocuments(mirror, announcement.changed, announcement.removed)) {
          this.#changes.fire({ part: 'documents', workspace: announcement.workspace });
        }
        return;
      }
      case 'links':
      case 'sessions':
      case 'landed':
        return; // Who shows what leads to a page, or its past, listens by itself.
      case 'recovered':
        void this.#readAll();
        return;
      case 'job':
        this.#jobs.set(announcement.status.id, { status: announcement.status, report: announcement.report });
        this.#changes.fire({ part: 'jobs', workspace: null });
        return;
    }
  }

  /** Puts in what a call answered, so that the screen need not wait for the announcement that follows it. */
  learn(workspace: string, entry: DocEntry): void {
    this.#announcedSince.get(workspace)?.add(entry.id);
    if (this.#mergeDocuments(this.#mirror(workspace), [entry], [])) {
      this.#changes.fire({ part: 'documents', workspace });
    }
  }

  learnWorkspace(entry: WorkspaceEntry): void {
    this.#setWorkspaces([...this.#workspaces.filter((other) => other.id !== entry.id), entry]);
  }

  learnSpace(workspace: string, entry: SpaceEntry): void {
    const mirror = this.#mirror(workspace);
    mirror.spaces = Object.freeze([...mirror.spaces.filter((other) => other.id !== entry.id), entry]);
    this.#changes.fire({ part: 'spaces', workspace });
  }

  learnJob(job: Job): void {
    this.#jobs.set(job.status.id, job);
    this.#changes.fire({ part: 'jobs', workspace: null });
  }
}
