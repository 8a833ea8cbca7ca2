// What I follow: documents and cards (PS10), discussions and spaces (PS8), people (PS11). Read from my own documents, each opened when it is first asked for; whom it tells is the inbox's matter.
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { readFollows } from '../../../shared/model/personal/follows.ts';
import { levelOf, readLevel, type Level } from '../../../shared/model/personal/levels.ts';
import type { PersonalMatter } from '../../../shared/model/personal/personal.ts';
import { readWatched, setWatched } from '../../../shared/model/personal/watched.ts';
import { PersonalDocument } from '../documents/personal-document.svelte.ts';
import type { Services } from '../window/services.ts';

export type Followed =
  | { readonly kind: 'document'; readonly document: string }
  | { readonly kind: 'card'; readonly board: string; readonly card: string }
  | { readonly kind: 'thread'; readonly thread: string; readonly space: string }
  | { readonly kind: 'space'; readonly space: string }
  | { readonly kind: 'person'; readonly member: string };

const MATTERS = {
  document: 'watched',
  card: 'watched',
  thread: 'levels',
  space: 'levels',
  person: 'follows',
} as const satisfies Readonly<Record<Followed['kind'], PersonalMatter>>;

export class Following implements Disposable {
  readonly #services: Services;
  readonly #of: { readonly workspace: string; readonly member: string };
  readonly #held = new DisposableStore();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- what is in them is watched, not which are open
  readonly #documents = new Map<PersonalMatter, PersonalDocument>();

  constructor(services: Services, of: { readonly workspace: string; readonly member: string }) {
    this.#services = services;
    this.#of = of;
  }

  /** A menu will ask for it: what says so is on its way then. */
  expect({ kind }: Followed): void {
    this.#document(MATTERS[kind]);
  }

  /** By itself, not with its board. */
  is(thing: Followed): boolean {
    const doc = this.#document(MATTERS[thing.kind]).current;
    switch (thing.kind) {
      case 'document':
        return readWatched(doc, thing.document).board;
      case 'card':
        return readWatched(doc, thing.board).cards.has(thing.card);
      case 'thread':
        return levelOf(doc, thing.thread, thing.space) === 'all';
      case 'space':
        return (readLevel(doc, thing.space) ?? 'all') === 'all';
      case 'person':
        return readFollows(doc).members.includes(thing.member);
    }
  }

  /** What I said of a discussion or a space; null: nothing. */
  level(place: string): Level | null {
    return readLevel(this.#document('levels').current, place);
  }

  /** Rejects with why it is not so. */
  async set(thing: Followed, follow: boolean): Promise<void> {
    const { workspace } = this.#of;
    const { connection, clock } = this.#services;
    if (thing.kind === 'person') {
      await connection.call('people.follow', { workspace, member: thing.member, follow });
    } else if (thing.kind === 'thread' || thing.kind === 'space') {
      const place = thing.kind === 'thread' ? thing.thread : thing.space;
      await connection.call('level.set', { workspace, place, level: follow ? 'all' : 'mentions' });
    } else {
      const place = thing.kind === 'card' ? { board: thing.board, card: thing.card } : { board: thing.document };
      this.#document('watched').write((doc, origin) => setWatched(doc, place, follow ? clock.now() : null, origin));
    }
  }

  dispose(): void {
    this.#held.dispose();
  }

  #document(matter: PersonalMatter): PersonalDocument {
    const known = this.#documents.get(matter);
    if (known) return known;
    const opened = this.#held.add(new PersonalDocument(this.#services, { ...this.#of, matter }));
    this.#documents.set(matter, opened);
    return opened;
  }
}
