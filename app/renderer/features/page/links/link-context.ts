// What links inside a page need to know of the rest of the workspace, as this window was told it. It asks the host for a new page and nothing else.
import { randomId } from '../../../../../shared/base/random-id.ts';
import { DisposableStore, type Disposable } from '../../../../../shared/base/disposable.ts';
import { Emitter } from '../../../../../shared/base/emitter.ts';
import type { DocEntry, MemberEntry } from '../../../../contract/entities.ts';
import { ancestors } from '../../../window/ancestors.ts';
import type { Services } from '../../../window/services.ts';

export type PageStanding =
  | { readonly kind: 'here'; readonly title: string; readonly entry: DocEntry | null }
  | { readonly kind: 'archived'; readonly title: string; readonly entry: DocEntry }
  /** Purged, in a space that I am not in, or not arrived: which of them is not said, and its title is not known. */
  | { readonly kind: 'unknown' };

/** Of one page. It holds nothing that would have to be let go of. */
export class LinkContext {
  readonly workspace: string;
  /** The page that is written. */
  readonly page: string;
  readonly #services: Services;
  readonly #made = new Emitter<void>();
  /** Pages made here that the host has not told of yet, with their titles. */
  readonly #making = new Map<string, string>();

  constructor(services: Services, workspace: string, page: string) {
    this.#services = services;
    this.workspace = workspace;
    this.page = page;
  }

  /** Titles, people or rights may be others. */
  onChange(listener: () => void): Disposable {
    const held = new DisposableStore();
    held.add(this.#made.event(listener));
    held.add(
      this.#services.mirror.onChange(({ part, workspace }) => {
        const isOurs = workspace === this.workspace || workspace === null;
        if (isOurs && (part === 'documents' || part === 'members' || part === 'spaces')) listener();
      }),
    );
    return held;
  }

  /** Who writes here, and when. */
  said(): { by: string; at: number } | Record<string, never> {
    const me = this.#services.mirror.members(this.workspace).find((one) => one.me);
    return me ? { by: me.id, at: this.now() } : {};
  }

  now(): number {
    return this.#services.clock.now();
  }

  documents(): ReadonlyMap<string, DocEntry> {
    return this.#services.mirror.documents(this.workspace);
  }

  standing(page: string): PageStanding {
    const entry = this.documents().get(page);
    const made = this.#making.get(page);
    if (!entry) return made === undefined ? { kind: 'unknown' } : { kind: 'here', title: made, entry: null };
    const title = entry.title || 'Untitled';
    return entry.archived ? { kind: 'archived', title, entry } : { kind: 'here', title, entry };
  }

  /** "Space / Parent", for telling pages of one title apart. */
  pathOf(entry: DocEntry): string {
    const space = this.#services.mirror.spaces(this.workspace).find((one) => one.id === entry.space);
    const above = ancestors(this.documents(), entry).map((one) => one.title || 'Untitled');
    return [space?.name || 'Space', ...above].join(' / ');
  }

  memberName(member: string): string {
    return this.#services.mirror.members(this.workspace).find((one) => one.id === member)?.name ?? '';
  }

  /** Those who may read this page's space; of a guest the host tells only whom they meet. */
  people(): readonly MemberEntry[] {
    const space = this.documents().get(this.page)?.space;
    return this.#services.mirror
      .members(this.workspace)
      .filter((one) => !one.removed && one.name !== '' && one.spaces.some((part) => part.space === space));
  }

  mayCreate(): boolean {
    const space = this.documents().get(this.page)?.space;
    const found = this.#services.mirror.spaces(this.workspace).find((one) => one.id === space);
    return found !== undefined && found.mayWrite && !found.archived;
  }

  /** Begins a page below this one, in its space. The answer is its id at once; when it cannot be made, that is said. */
  create(title: string): string {
    const { connection, mirror, preferences, toasts } = this.#services;
    const { workspace } = this;
    const document = randomId();
    preferences.setOpen(this.page, 'page', true);
    const space = this.documents().get(this.page)?.space ?? '';
    this.#making.set(document, title);
    connection
      .call('doc.create', { workspace, space, kind: 'page', title, parent: this.page, document })
      .then((entry) => mirror.learn(workspace, entry))
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        toasts.fail(`The page “${title}” was not made: ${why} The link to it leads nowhere; undo takes it out.`);
      })
      .finally(() => {
        this.#making.delete(document);
        this.#made.fire();
      });
    return document;
  }

  /** Goes to a page, or says why there is nothing to go to. */
  open(page: string, block: string): void {
    const { router, toasts } = this.#services;
    const standing = this.standing(page);
    if (standing.kind === 'unknown') toasts.fail(`This link leads to a page that is not here. ${NOT_HERE}`);
    else
      router.go({
        at: 'document',
        workspace: this.workspace,
        document: page,
        fresh: false,
        ...(block ? { block } : {}),
      });
  }
}

/** Why a page is not known here; which of these it is, a window cannot know and must not say. */
export const NOT_HERE = 'It was purged, is in a space that you are not in, or has not arrived on this computer yet.';

/** The page of a room, as its context. */
export function linkContextOf(services: Services, workspace: string, room: string): LinkContext {
  return new LinkContext(services, workspace, room.slice(room.lastIndexOf('/') + 1));
}
