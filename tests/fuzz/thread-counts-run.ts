// One random run of two to six computers that vote, like, tick, accept, remove and merge while their clocks are hours apart, some of them two of one person's.
// Beside them stands a simple reference: who wrote what under which key, knowing which earlier writings. What counts at the end must follow from it.
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { setDone, readDone, takeBackDone } from '../../shared/model/page/done.ts';
import { EMPTY_ASK } from '../../shared/model/page/ask.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addPost, editPost, react, removePost, takeBackVote, vote } from '../../shared/model/thread/commands.ts';
import {
  acceptAnswer,
  beginThread,
  markMerged,
  mergeInto,
  unacceptAnswer,
  unmerge,
} from '../../shared/model/thread/fact-commands.ts';
import { addChoice, readPoll, tallyOf } from '../../shared/model/thread/poll.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { listThreads, type Reader } from '../../app/host/threads/thread-entries.ts';
import { readThreadRow } from '../../app/host/threads/thread-row.ts';
import { broken, replicaOf } from './mailboxes.ts';
import { randomOf, seedIds } from './seeded.ts';

const DOCS = ['idea', 'older', 'poll', 'question', 'page'] as const;
type DocName = (typeof DOCS)[number];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = 1_800_000_000_000;

interface Computer {
  readonly name: string;
  readonly member: string;
  /** How far its clock is from the true time. */
  readonly skew: number;
  readonly docs: Readonly<Record<DocName, Y.Doc>>;
  /** Writings that have come here, by document. */
  readonly known: Readonly<Record<DocName, Set<number>>>;
}

/** Something written under a key that is one person's, or everybody's; null: taken back. */
interface Writing {
  readonly id: number;
  readonly key: string;
  readonly value: unknown;
  /** What its computer knew of the document. */
  readonly seen: ReadonlySet<number>;
}

export interface Figures {
  /** Keys under which two wrote apart. */
  readonly contested: number;
  readonly late: number;
  readonly merged: number;
}

const ROOMS: Readonly<Record<DocName, string>> = {
  idea: 'w/s/idea',
  older: 'w/s/older',
  poll: 'w/s/poll',
  question: 'w/s/question',
  page: 'w/s/page',
};
const READER: Reader = { member: 'nobody', read: new Map(), level: () => 'all', drafts: new Set() };

class Run {
  readonly #seed: number;
  readonly #random: () => number;
  readonly #computers: Computer[] = [];
  readonly #writings: Writing[] = [];
  readonly #log: string[] = [];
  readonly #posts = new Set<string>();
  readonly #done: string;
  readonly #until = START + 2 * HOUR;
  readonly #multiple: boolean;
  #time = START;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomOf(seed);
    this.#multiple = this.#random() < 0.5;
    const begun = this.#begin();
    this.#done = begun.done;
    const count = 2 + this.#below(5);
    for (let number = 0; number < count; number += 1) {
      // About every third one is a second computer of somebody.
      const member =
        number > 0 && this.#random() < 0.35 ? this.#pick(this.#computers).member : `member${String(number)}`;
      const skew = Math.round((this.#random() - 0.5) * 10 * HOUR);
      const docs = Object.fromEntries(
        DOCS.map((name, at) => [name, replicaOf(begun.docs[name], 10 + number * 10 + at)]),
      );
      const known = Object.fromEntries(DOCS.map((name) => [name, new Set<number>()]));
      this.#computers.push({
        name: `c${String(number)}`,
        member,
        skew,
        docs: docs as Computer['docs'],
        known: known as Computer['known'],
      });
    }
  }

  run(steps: number): Figures {
    try {
      for (let step = 0; step < steps; step += 1) {
        this.#time += this.#below(8 * MINUTE);
        if (this.#random() < 0.3)
          this.#carry(this.#pick(this.#computers), this.#pick(this.#computers), this.#pick(DOCS));
        else this.#write(this.#pick(this.#computers));
      }
      // Everybody hears of everything, in any order, and twice.
      for (let round = 0; round < 2; round += 1)
        for (const from of this.#shuffled(this.#computers))
          for (const to of this.#shuffled(this.#computers))
            for (const name of this.#shuffled(DOCS)) this.#carry(from, to, name);
      return this.#judge();
    } catch (error) {
      throw broken(this.#seed, this.#log, error);
    }
  }

  #begin() {
    const docs = Object.fromEntries(
      DOCS.map((name, at) => [name, Object.assign(new Y.Doc(), { clientID: at + 1 })]),
    ) as Record<DocName, Y.Doc>;
    const post = { author: 'member0', device: 'first', text: 'Begun', at: START };
    for (const name of ['idea', 'older'] as const) beginThread(docs[name], { type: 'idea', title: name, post });
    const poll = { choices: ['a', 'b', 'c'], multiple: this.#multiple, until: this.#until };
    beginThread(docs.poll, { type: 'poll', title: 'poll', post, poll });
    beginThread(docs.question, { type: 'question', title: 'question', post });
    const [done = ''] = appendBlocks(bodyOf(docs.page), [
      { type: 'atom', kind: 'done', props: { ask: { ...EMPTY_ASK, text: 'Read it' } } },
    ]);
    for (const { id } of readThread(docs.question).posts) this.#posts.add(id);
    return { docs, done };
  }

  /** What `from` has of a document comes to `to`: nothing but that, whatever else is on its way. */
  #carry(from: Computer, to: Computer, name: DocName): void {
    if (from === to) return;
    const missing = Y.encodeStateAsUpdate(from.docs[name], Y.encodeStateVector(to.docs[name]));
    Y.applyUpdate(to.docs[name], missing, 'network');
    if (this.#random() < 0.1) Y.applyUpdate(to.docs[name], missing, 'network');
    for (const one of from.known[name]) to.known[name].add(one);
    this.#log.push(`${from.name} -> ${to.name}: ${name}`);
  }

  #note(own: Computer, doc: DocName, key: string, value: unknown): void {
    const id = this.#writings.length;
    this.#writings.push({ id, key: `${doc}:${key}`, value, seen: new Set(own.known[doc]) });
    own.known[doc].add(id);
    this.#log.push(`${own.name} (${own.member}) writes ${doc}:${key} = ${JSON.stringify(value)}`);
  }

  #write(own: Computer): void {
    const at = this.#time + own.skew;
    const { member, docs } = own;
    const doing = { by: member, at };
    switch (this.#below(10)) {
      case 0:
      case 1: {
        const name = this.#pick(['idea', 'older'] as const);
        return this.#vote(own, name, [], at);
      }
      case 2:
      case 3: {
        const known = readPoll(docs.poll).choices.map(({ id }) => id);
        const chosen = this.#shuffled([...known, 'unknown']).slice(0, 1 + this.#below(3));
        return this.#vote(own, 'poll', chosen, at);
      }
      case 4: {
        if (readPoll(docs.poll).choices.length < 8)
          addChoice(docs.poll, `by ${own.name} at ${String(this.#below(1e6))}`);
        return;
      }
      case 5: {
        const { block = '', completions = [] } = readDone(docs.page)[0] ?? {};
        const has = completions.some((one) => one.member === member);
        if (has && this.#random() < 0.6) return;
        this.#note(own, 'page', member, has ? null : at);
        if (has) takeBackDone(docs.page, block, member);
        else setDone(docs.page, block, { member, at });
        return;
      }
      case 6: {
        const post = this.#pick(readThread(docs.question).posts);
        const emoji = this.#pick(['👍', '🎉']);
        const has = post.reactions.some((one) => one.emoji === emoji && one.members.includes(member));
        this.#note(own, 'question', `${post.id}/${member}/${emoji}`, has ? null : true);
        react(docs.question, { post: post.id, member, emoji }, !has);
        return;
      }
      case 7: {
        const { posts, facts } = readThread(docs.question);
        const post = this.#pick(posts);
        if (facts.accepted && this.#random() < 0.3) {
          this.#note(own, 'question', 'accepted', null);
          unacceptAnswer(docs.question);
        } else if (facts.accepted?.post !== post.id) {
          this.#note(own, 'question', 'accepted', post.id);
          acceptAnswer(docs.question, post.id, doing);
        }
        return;
      }
      case 8: {
        const chance = this.#random();
        if (chance < 0.4) {
          const id = addPost(docs.question, { author: member, device: own.name, text: own.name, at });
          this.#posts.add(id);
          this.#note(own, 'question', `words/${id}`, true);
          return;
        }
        const post = this.#pick(readThread(docs.question).posts);
        if (chance < 0.7) {
          this.#note(own, 'question', `words/${post.id}`, true);
          editPost(docs.question, post.id, { text: `${own.name} ${String(this.#writings.length)}`, at });
        } else {
          this.#note(own, 'question', `words/${post.id}`, null);
          removePost(docs.question, post.id, doing);
        }
        return;
      }
      default: {
        // At the two ends apart, as two documents are.
        if (this.#random() < 0.5) {
          const on = readThread(docs.older).facts.mergedInto !== null;
          this.#note(own, 'older', 'mergedInto', on ? null : true);
          if (on) unmerge(docs.older, 'idea');
          else mergeInto(docs.older, 'idea', doing);
        } else {
          const on = readThread(docs.idea).facts.merged.includes('older');
          this.#note(own, 'idea', 'merged', on ? null : true);
          if (on) unmerge(docs.idea, 'older');
          else markMerged(docs.idea, 'older');
        }
      }
    }
  }

  #vote(own: Computer, name: 'idea' | 'older' | 'poll', choices: readonly string[], at: number): void {
    const { member } = own;
    const has = readThread(own.docs[name]).votes.has(member);
    if (has && this.#random() < 0.35) {
      this.#note(own, name, member, null);
      takeBackVote(own.docs[name], member);
    } else {
      this.#note(own, name, member, { choices, at });
      vote(own.docs[name], { member, choices, at });
    }
  }

  /** Writings under a key that none which knew of them followed. */
  #last(key: string): readonly Writing[] {
    const all = this.#writings.filter((one) => one.key === key);
    return all.filter((one) => !all.some((other) => other.seen.has(one.id)));
  }

  /** What stands under a key is what one of the last ones wrote. */
  #mustBe(key: string, found: unknown): void {
    const last = this.#last(key);
    const wanted = last.length === 0 ? [null] : last.map(({ value }) => value);
    if (!wanted.some((value) => isDeepStrictEqual(value, found)))
      throw new Error(`${key} is ${JSON.stringify(found)}, and not one of ${JSON.stringify(wanted)}`);
  }

  #judge(): Figures {
    const [first, ...others] = this.#computers.map((one) => this.#seenBy(one));
    for (const other of others) {
      if (!isDeepStrictEqual(other, first))
        throw new Error(`two see different counts: ${JSON.stringify([first, other])}`);
    }
    const { docs } = this.#computers[0]!;
    const members = [...new Set(this.#computers.map(({ member }) => member))].sort();
    const votes = (name: 'idea' | 'older' | 'poll') => {
      const stored = readThread(docs[name]).votes;
      for (const member of members) this.#mustBe(`${name}:${member}`, stored.get(member) ?? null);
      if ([...stored.keys()].some((one) => !members.includes(one))) throw new Error('somebody voted who is nobody');
      return stored;
    };
    const [idea, older, poll] = [votes('idea'), votes('older'), votes('poll')];

    // An idea: each member once, over both threads while both say that they are one.
    const one = readThread(docs.older).facts.mergedInto !== null;
    const two = readThread(docs.idea).facts.merged.length > 0;
    this.#mustBe('older:mergedInto', one || null);
    this.#mustBe('idea:merged', two || null);
    const isMerged = one && two;
    const wanted = members.filter((member) => idea.has(member) || (isMerged && older.has(member))).length;
    if (first?.ideas.find(([id]) => id === 'idea')?.[1] !== wanted)
      throw new Error(`the idea has not ${String(wanted)} votes: ${JSON.stringify(first?.ideas)}`);

    // A poll: by the voter's clock, one choice or several, each person once.
    const known = new Set(readPoll(docs.poll).choices.map(({ id }) => id));
    const counted = members.flatMap((member) => {
      const cast = poll.get(member);
      if (!cast || cast.at > this.#until) return [];
      const chosen = cast.choices.filter((choice) => known.has(choice));
      return (this.#multiple ? chosen : chosen.slice(0, 1)).map((choice) => `${choice} ${member}`);
    });
    if (!isDeepStrictEqual(first?.poll, counted.sort()))
      throw new Error(`the poll counts ${JSON.stringify(first?.poll)} and not ${JSON.stringify(counted)}`);

    // Who has done it: each once.
    const [done] = readDone(docs.page);
    if (done?.block !== this.#done) throw new Error('what is to be done is another block');
    for (const member of members) {
      const ticks = done.completions.filter((completion) => completion.member === member);
      if (ticks.length > 1) throw new Error(`${member} counts ${String(ticks.length)} times`);
      this.#mustBe(`page:${member}`, ticks[0]?.at ?? null);
    }

    // Likes, each member once a post and emoji; and the answer, while its post is there.
    const { posts, facts } = readThread(docs.question);
    if (posts.length !== this.#posts.size) throw new Error('a post was lost or doubled');
    for (const post of posts) {
      for (const member of members)
        for (const emoji of ['👍', '🎉']) {
          const likes = post.reactions.filter((liked) => liked.emoji === emoji).flatMap((liked) => liked.members);
          if (new Set(likes).size !== likes.length) throw new Error('somebody likes twice');
          this.#mustBe(`question:${post.id}/${member}/${emoji}`, likes.includes(member) || null);
        }
      // A removal holds while nobody wrote there without knowing of it.
      const last = this.#last(`question:words/${post.id}`);
      const isGone = post.removal.kind === 'removed';
      const mayBeGone = last.length > 0 && last.every(({ value }) => value === null);
      if (isGone && !mayBeGone) throw new Error(`${post.id} is gone with words that nobody saw who removed it`);
      if (!isGone && mayBeGone && last.length === 1) throw new Error(`${post.id} was removed and is there`);
    }
    this.#mustBe('question:accepted', facts.accepted?.post ?? null);
    const answer = posts.find(({ id }) => id === facts.accepted?.post);
    const isAnswered = answer !== undefined && answer.removal.kind !== 'removed';
    if (first?.answered !== isAnswered)
      throw new Error(`answered: ${String(first?.answered)}, and not ${String(isAnswered)}`);

    const keys = [...new Set(this.#writings.map(({ key }) => key))];
    return {
      contested: keys.filter((key) => this.#last(key).length > 1).length,
      late: [...poll.values()].filter(({ at }) => at > this.#until).length,
      merged: isMerged ? 1 : 0,
    };
  }

  /** All that is counted, as lists and screens count it. */
  #seenBy({ docs }: Computer) {
    const rows = (['idea', 'older', 'question', 'poll'] as const).flatMap(
      (name) => readThreadRow(ROOMS[name], docs[name]) ?? [],
    );
    const question = { filter: 'all' as const, type: null, from: 0, most: 10 };
    const { threads } = listThreads(rows, READER, question);
    const { poll, votes } = readThread(docs.poll);
    const tally = poll ? tallyOf(poll, votes) : null;
    return {
      ideas: threads.filter(({ type }) => type === 'idea').map(({ id, votes: count }) => [id, count] as const),
      answered: threads.find(({ id }) => id === 'question')?.answered ?? false,
      poll: [...(tally?.byChoice ?? [])]
        .flatMap(([choice, members]) => members.map((member) => `${choice} ${member}`))
        .sort(),
      voters: tally?.voters ?? 0,
      done: readDone(docs.page).map(({ completions }) => completions),
      posts: readThread(docs.question).posts.map(({ id, text, reactions, removal }) => [
        id,
        text,
        reactions,
        removal.kind,
      ]),
    };
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.#below(all.length)]!;
  }

  #shuffled<T>(all: readonly T[]): T[] {
    const left = [...all];
    return all.map(() => left.splice(this.#below(left.length), 1)[0]!);
  }
}

export function runCounts(seed: number, steps: number): Figures {
  const restore = seedIds(seed);
  try {
    return new Run(seed).run(steps);
  } finally {
    restore();
  }
}
