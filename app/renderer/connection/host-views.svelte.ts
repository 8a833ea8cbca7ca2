// Read-through views over the connection and the mirror for components: a getter subscribes, then reads. They never write.
import { createSubscriber } from 'svelte/reactivity';
import { buildTree, isInTree, type Tree } from '../../../shared/model/document/tree.ts';
import type { RecoveryState } from '../../contract/recovery.ts';
import type { AsideEntry, DocEntry, MemberEntry, SpaceEntry, Truths, WorkspaceEntry } from '../../contract/entities.ts';
import type { ConnectionStatus, HostConnection } from './host-connection.ts';
import type { HostMirror, Job, MirrorChange } from './host-mirror.ts';

function subscriber(mirror: HostMirror, part: MirrorChange['part'], workspace: string | null): () => void {
  return createSubscriber((update) => {
    const held = mirror.onChange((change) => {
      if (change.part === part && (workspace === null || change.workspace === workspace)) update();
    });
    return () => held.dispose();
  });
}

/** The whole host as a window sees it. */
export class HostView {
  readonly #connection: HostConnection;
  readonly #mirror: HostMirror;
  readonly #status: () => void;
  readonly #workspaces: () => void;
  readonly #jobs: () => void;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- a cache that nobody watches
  readonly #views = new Map<string, WorkspaceView>();

  constructor(connection: HostConnection, mirror: HostMirror) {
    this.#connection = connection;
    this.#mirror = mirror;
    this.#workspaces = subscriber(mirror, 'workspaces', null);
    this.#jobs = subscriber(mirror, 'jobs', null);
    this.#status = createSubscriber((update) => {
      const held = connection.onStatus(update);
      return () => held.dispose();
    });
  }

  get status(): ConnectionStatus {
    this.#status();
    return this.#connection.status;
  }
  get known(): boolean {
    this.#workspaces();
    return this.#mirror.known;
  }
  get version(): string {
    this.#workspaces();
    return this.#mirror.version;
  }
  get device(): string {
    this.#workspaces();
    return this.#mirror.device;
  }
  get workspaces(): readonly WorkspaceEntry[] {
    this.#workspaces();
    return this.#mirror.workspaces;
  }
  get recovery(): RecoveryState | null {
    this.#workspaces();
    return this.#mirror.recovery;
  }
  get notices(): readonly string[] {
    this.#workspaces();
    return this.#mirror.notices;
  }
  job(id: string): Job | null {
    this.#jobs();
    return this.#mirror.job(id);
  }

  workspace(id: string): WorkspaceView {
    let view = this.#views.get(id);
    if (!view) {
      view = new WorkspaceView(this.#mirror, id, () => this.workspaces.find((entry) => entry.id === id) ?? null);
      this.#views.set(id, view);
    }
    return view;
  }
}

/** One workspace. Trees are built once per change of the catalogue, not once per reader. */
export class WorkspaceView {
  readonly id: string;
  readonly #mirror: HostMirror;
  readonly #entry: () => WorkspaceEntry | null;
  readonly #spaces: () => void;
  readonly #documents: () => void;
  readonly #members: () => void;
  readonly #truths: () => void;
  readonly #aside: () => void;
  readonly #favourites: () => void;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- a cache; its version is what readers watch
  #trees = { version: -1, bySpace: new Map<string, Tree<DocEntry>>() };
  #version = 0;

  constructor(mirror: HostMirror, id: string, entry: () => WorkspaceEntry | null) {
    this.id = id;
    this.#mirror = mirror;
    this.#entry = entry;
    this.#spaces = subscriber(mirror, 'spaces', id);
    this.#documents = subscriber(mirror, 'documents', id);
    this.#members = subscriber(mirror, 'members', id);
    this.#truths = subscriber(mirror, 'truths', id);
    this.#aside = subscriber(mirror, 'aside', id);
    this.#favourites = subscriber(mirror, 'favourites', id);
    // Lives as long as the mirror: both are made once a window.
    mirror.onChange((change) => {
      if (change.part === 'documents' && change.workspace === id) this.#version += 1;
    });
  }

  get entry(): WorkspaceEntry | null {
    return this.#entry();
  }
  get loaded(): boolean {
    this.#documents();
    return this.#mirror.loaded(this.id);
  }
  get spaces(): readonly SpaceEntry[] {
    this.#spaces();
    return this.#mirror.spaces(this.id);
  }
  get documents(): ReadonlyMap<string, DocEntry> {
    this.#documents();
    return this.#mirror.documents(this.id);
  }
  document(id: string): DocEntry | null {
    return this.documents.get(id) ?? null;
  }
  get members(): readonly MemberEntry[] {
    this.#members();
    return this.#mirror.members(this.id);
  }
  get me(): MemberEntry | null {
    return this.members.find((member) => member.me) ?? null;
  }
  memberName(id: string): string {
    return this.members.find((member) => member.id === id)?.name ?? '';
  }
  get truths(): Truths | null {
    this.#truths();
    return this.#mirror.truths(this.id);
  }

  /** Words typed here that are not in their documents any more. */
  get aside(): readonly AsideEntry[] {
    this.#aside();
    return this.#mirror.aside(this.id);
  }

  /** Ids of my favourites, in the order of my list. */
  get favourites(): readonly string[] {
    this.#favourites();
    return this.#mirror.favourites(this.id);
  }

  /** The pages of a space that are not archived, as a tree. */
  tree(space: string): Tree<DocEntry> {
    this.#documents();
    if (this.#trees.version !== this.#version) {
      // eslint-disable-next-line svelte/prefer-svelte-reactivity -- as above
      this.#trees = { version: this.#version, bySpace: new Map() };
    }
    let tree = this.#trees.bySpace.get(space);
    if (!tree) {
      const pages: DocEntry[] = [];
      for (const entry of this.#mirror.documents(this.id).values()) {
        if (entry.space === space && isInTree(entry) && !entry.archived) pages.push(entry);
      }
      tree = buildTree(pages);
      this.#trees.bySpace.set(space, tree);
    }
    return tree;
  }

  /** What is put away in a space, the newest first. */
  archived(space: string, where: 'archive' | 'trash'): readonly DocEntry[] {
    return [...this.documents.values()]
      .filter((entry) => entry.space === space && isInTree(entry) && entry.archived)
      .filter((entry) => (entry.trashed !== undefined) === (where === 'trash'))
      .sort((a, b) => (b.trashed?.at ?? b.archivedAt ?? 0) - (a.trashed?.at ?? a.archivedAt ?? 0));
  }
}
