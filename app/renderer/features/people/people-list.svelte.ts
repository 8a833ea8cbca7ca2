// The people of a workspace as their screens show them: everybody, those that fit what is typed, who knows about it, whom and what I follow.
import type { Clock } from '../../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import type { CallResult } from '../../../contract/calls.ts';
import type { Following, PersonEntry, Reason } from '../../../contract/people.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { Asked } from '../../window/asked.svelte.ts';
import { isHere, topicOf } from './person-words.ts';

/** Milliseconds after the last key before documents are looked into. */
const PAUSE = 150;
/** Milliseconds until it is asked again while documents are still to be read, and of the time that answering may take. */
const AGAIN = 1_000;
const SHARE = 10;

/** A person who fits, with why: none where their name or place does. */
export interface Hit {
  readonly person: PersonEntry;
  readonly reasons: readonly Reason[];
  readonly more: number;
}

export interface PeopleFilter {
  readonly team: ReadonlySet<string> | null;
  readonly here: boolean;
  readonly followed: boolean;
}

export class PeopleList implements Disposable {
  readonly #clock: Clock;
  readonly #list: Asked<CallResult<'people.list'>>;
  readonly #following: Asked<Following>;
  readonly #knows: Asked<CallResult<'people.knows'> & { readonly of: string }>;
  readonly #held = new DisposableStore();
  #words = $state('');
  #timer: Disposable | null = null;
  #disposed = false;

  constructor(connection: HostConnection, clock: Clock, workspace: string) {
    this.#clock = clock;
    this.#list = new Asked(() => connection.call('people.list', { workspace }));
    this.#following = new Asked(() => connection.call('people.following', { workspace }));
    this.#knows = new Asked(async () => {
      const words = this.#words.trim();
      return { ...(await connection.call('people.knows', { workspace, words })), of: words };
    });
    this.#held.add(
      connection.onAnnouncement((news) => {
        const isNews = news.event === 'people' || news.event === 'members';
        if (isNews && news.workspace === workspace) this.#askAll();
        if (news.event === 'threads' && news.workspace === workspace) this.#askSoon();
      }),
    );
    this.#held.add(
      connection.onStatus(({ state }) => {
        if (state === 'online') this.#askAll();
      }),
    );
    this.#askAll();
  }

  /** Null until the host answered. */
  get people(): readonly PersonEntry[] | null {
    return this.#list.answer?.people ?? null;
  }
  get wrong(): string | null {
    return this.#list.wrong;
  }
  get following(): Following {
    return this.#following.answer ?? { members: [], topics: [] };
  }
  get words(): string {
    return this.#words;
  }
  set words(words: string) {
    this.#words = words;
    this.#askSoon();
  }
  /** The last answer about who knows, where it is about what is typed now. */
  get knows(): CallResult<'people.knows'> | null {
    const answer = this.#knows.answer;
    return answer && this.#words.trim() !== '' && answer.of === this.#words.trim() ? answer : null;
  }
  get knowsWrong(): string | null {
    return this.#words.trim() === '' ? null : this.#knows.wrong;
  }

  /** Those who fit, in the order in which they are shown: by name; with words, who is called so, then who knows. */
  hits({ team, here, followed }: PeopleFilter, now: number): readonly Hit[] {
    const passes = (person: PersonEntry): boolean =>
      (team === null || person.teams.some((one) => team.has(one.team))) &&
      (!here || isHere(person, now)) &&
      (!followed || person.followed);
    const people = (this.people ?? []).filter(passes);
    const typed = topicOf(this.#words).toLowerCase();
    if (typed === '') return people.map((person) => ({ person, reasons: [], more: 0 }));
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made and read here alone
    const byId = new Map(people.map((person) => [person.id, person]));
    const known = (this.knows?.people ?? []).flatMap(({ member, reasons, more }) => {
      const person = byId.get(member);
      return person ? [{ person, reasons, more }] : [];
    });
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- as above
    const knowing = new Set(known.map(({ person }) => person.id));
    const called = people.filter((person) => !knowing.has(person.id) && isCalled(person, typed));
    const first = called.filter((person) => person.name.toLowerCase().includes(typed));
    const rest = called.filter((person) => !first.includes(person));
    const alone = (person: PersonEntry): Hit => ({ person, reasons: [], more: 0 });
    return [...first.map(alone), ...known, ...rest.map(alone)];
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
    this.#held.dispose();
  }

  #askAll(): void {
    void this.#list.ask();
    void this.#following.ask();
    this.#askSoon();
  }

  #askSoon(pause = PAUSE): void {
    this.#timer?.dispose();
    this.#timer = this.#clock.after(pause, () => {
      this.#timer = null;
      if (this.#words.trim() !== '') void this.#askWhoKnows();
    });
  }

  /** Nobody announces what the words of documents say: as long as some are still to be read, the answer is not the last. */
  async #askWhoKnows(): Promise<void> {
    const began = this.#clock.now();
    await this.#knows.ask();
    const took = this.#clock.now() - began;
    if (!this.#disposed && (this.knows?.waiting ?? 0) > 0) this.#askSoon(Math.max(AGAIN, SHARE * took));
  }
}

function isCalled(person: PersonEntry, typed: string): boolean {
  const { name, role, place, skills, projects } = person;
  return [name, role, place, ...skills, ...projects].some((one) => one.toLowerCase().includes(typed));
}
