// One random run of two to four computers of one member with colleagues' words arriving in any order: what calls on her, what she reads, sees and does on any of them.
import * as Y from 'yjs';
import type { Host } from '../../app/host/host.ts';
import { Inbox } from '../../app/host/inbox/inbox.ts';
import type { InboxEntry } from '../../app/contract/inbox.ts';
import type { ValueStore } from '../../shared/hub/value-store.ts';
import { addComment, replyTo } from '../../shared/model/comments/commands.ts';
import { readComments } from '../../shared/model/comments/read.ts';
import { addCard, moveCard, removeCard } from '../../shared/model/board/card-commands.ts';
import { setCardMember } from '../../shared/model/board/card-details.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { archiveDocument, unarchiveDocument } from '../../shared/model/document/commands.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { setLevel } from '../../shared/model/personal/levels.ts';
import { createPersonal, personalRoom, readMatter, type PersonalMatter } from '../../shared/model/personal/personal.ts';
import { cardsMatter, markBoardSeen } from '../../shared/model/personal/read-cards.ts';
import { markPostsRead } from '../../shared/model/personal/read-posts.ts';
import { markSeen } from '../../shared/model/personal/seen.ts';
import { setWatched } from '../../shared/model/personal/watched.ts';
import { addPost, editPost, removePost } from '../../shared/model/thread/commands.ts';
import { acceptAnswer, decide } from '../../shared/model/thread/fact-commands.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { randomOf } from './seeded.ts';

export interface Places {
  readonly workspace: string;
  readonly space: string;
  readonly me: string;
  readonly page: string;
  readonly board: string;
  readonly threads: readonly string[];
}

export interface Figures {
  readonly new: number;
  readonly done: number;
  readonly snoozed: number;
  readonly reasons: ReadonlySet<string>;
}

const PEOPLE = ['bo', 'cy'] as const;

export class InboxRun {
  readonly #hosts: readonly Host[];
  readonly #places: Places;
  readonly #random: () => number;
  readonly log: string[] = [];
  #time: number;

  constructor(seed: number, hosts: readonly Host[], places: Places) {
    this.#hosts = hosts;
    this.#places = places;
    this.#random = randomOf(seed);
    this.#time = Date.now();
  }

  async run(steps: number): Promise<Figures> {
    for (let step = 0; step < steps; step += 1) {
      this.#time += this.#below(1_000);
      const host = this.#pick(this.#hosts);
      const turn = this.#random();
      if (turn < 0.25) await this.#carry(this.#pick(this.#hosts), host, this.#pick(this.#rooms()));
      else if (turn < 0.7) await this.#colleague(host);
      else await this.#mine(host);
    }
    for (let round = 0; round < 2; round += 1)
      for (const from of this.#hosts)
        for (const to of this.#hosts) for (const room of this.#rooms()) await this.#carry(from, to, room);
    return this.#judge();
  }

  async #judge(): Promise<Figures> {
    const lists: string[] = [];
    for (const host of this.#hosts) {
      await settle(host.parts.inbox);
      lists.push(told(host.parts.inbox.list(this.#places.workspace)));
      lists.push(told(await this.#fromNothing(host)));
      const count = host.parts.inbox.count(this.#places.workspace);
      const found = host.parts.inbox.list(this.#places.workspace).filter(({ state }) => state === 'new').length;
      if (count !== found) throw new Error(`the badge says ${String(count)} of ${String(found)}`);
    }
    for (const list of lists) if (list !== lists[0]) throw new Error(`not equal:\n${list}\n${lists[0] ?? ''}`);
    const entries = this.#hosts[0]?.parts.inbox.list(this.#places.workspace) ?? [];
    if (entries.some(({ by }) => by.includes(this.#places.me))) throw new Error('her own words call on her');
    if (new Set(entries.map(({ id }) => id)).size !== entries.length) throw new Error('an entry is there twice');
    const ofState = (state: string): number => entries.filter((entry) => entry.state === state).length;
    const reasons = new Set(entries.map(({ reason }) => reason));
    return { new: ofState('new'), done: ofState('done'), snoozed: ofState('snoozed'), reasons };
  }

  /** The same documents, and nothing that was derived before. */
  async #fromNothing({ parts }: Host): Promise<readonly InboxEntry[]> {
    const fresh = await Inbox.open({ ...parts, values: noValues(), source: parts.hub, principal: PRINCIPAL(parts) });
    try {
      await fresh.watch(this.#places.workspace);
      await settle(fresh);
      return fresh.list(this.#places.workspace);
    } finally {
      await fresh.close();
    }
  }

  async #colleague({ parts }: Host): Promise<void> {
    const { me, page, board } = this.#places;
    const by = this.#pick(PEOPLE);
    const thread = this.#pick(this.#places.threads);
    const at = this.#time;
    const words = this.#random() < 0.5 ? `[@Ana](member:${me}) ${String(this.#below(100))}` : 'words';
    const post = { author: by, device: `${by}-laptop`, text: words, at };
    const what = this.#below(12);
    this.log.push(`${by} does ${String(what)} at ${String(at)}`);
    const edit = (room: string, change: (doc: Y.Doc) => void): Promise<void> => parts.documents.edit(room, change);
    if (what < 2) return edit(thread, (doc) => void addPost(doc, post));
    if (what === 2) {
      return edit(thread, (doc) => {
        const mine = readThread(doc).posts.find(({ author }) => author === me);
        addPost(doc, { ...post, ...(mine ? { reply: mine.id } : {}) });
      });
    }
    if (what === 3) {
      return edit(thread, (doc) => {
        const theirs = readThread(doc).posts.find(({ author }) => author === by);
        if (!theirs) return;
        if (this.#random() < 0.5) editPost(doc, theirs.id, { text: words, at });
        else removePost(doc, theirs.id, { by, at });
      });
    }
    if (what === 4) {
      return edit(thread, (doc) => {
        const hers = readThread(doc).posts.find(({ author }) => author === me);
        if (hers) acceptAnswer(doc, hers.id, { by, at });
        decide(doc, { state: this.#pick(['planned', 'declined']), reason: words, by, at });
      });
    }
    if (what === 5) return edit(page, (doc) => void this.#mention(doc, by, at));
    if (what === 6) return edit(page, (doc) => bodyOf(doc).insert(bodyOf(doc).length, 'words '));
    if (what === 7) {
      return edit(page, (doc) => {
        const [comment] = readComments(doc).comments;
        if (comment) replyTo(doc, comment.id, post);
        else addComment(doc, { anchor: [], quote: 'words', post });
      });
    }
    if (what === 8) {
      const meta = this.#random() < 0.5 ? archiveDocument : unarchiveDocument;
      return edit(this.#random() < 0.3 ? page : thread, (doc) => meta(doc, at));
    }
    return edit(board, (doc) => {
      const shown = readBoard(doc);
      const column = this.#pick(shown.columns).id;
      const cards = shown.columns.flatMap((one) => one.cards);
      if (cards.length < 3) addCard(doc, { title: `Card ${String(at)}`, column, createdBy: by, createdAt: at });
      else {
        const card = this.#pick(cards).id;
        if (what === 9) setCardMember(doc, [card], me, this.#random() < 0.7, null, { by, at });
        else if (what === 10) moveCard(doc, card, { column }, { by, at });
        else if (this.#random() < 0.2) removeCard(doc, card, { by, at });
      }
    });
  }

  async #mine(host: Host): Promise<void> {
    const { workspace, space, me, page, board } = this.#places;
    const { parts } = host;
    const at = this.#time;
    const thread = this.#pick(this.#places.threads);
    const what = this.#below(9);
    this.log.push(`she does ${String(what)} at ${String(at)}`);
    const personal = (matter: PersonalMatter, change: (doc: Y.Doc) => void): Promise<void> =>
      parts.documents.edit(personalRoom(workspace, me, matter), (doc) => {
        createPersonal(doc, { createdBy: me, createdAt: 1 });
        change(doc);
      });
    const vector = (room: string): Promise<Uint8Array> => parts.documents.read(room, (doc) => Y.encodeStateVector(doc));
    if (what < 2) {
      const post = { author: me, device: `ana-${String(this.#below(2))}`, text: `[@Ana](member:${me})`, at };
      return parts.documents.edit(thread, (doc) => void addPost(doc, post));
    }
    if (what === 2) {
      const posts = await parts.documents.read(thread, (doc) => readThread(doc).posts.slice(0, 1 + this.#below(4)));
      return personal(readMatter(space), (doc) => markPostsRead(doc, { device: 'a', thread: idOf(thread) }, posts));
    }
    if (what === 3) {
      const seen = await vector(page);
      return personal('seen', (doc) => markSeen(doc, { device: 'a', document: idOf(page) }, seen));
    }
    if (what === 4) {
      const seen = Y.decodeStateVector(await vector(board));
      return personal(cardsMatter(idOf(board)), (doc) => markBoardSeen(doc, 'a', seen));
    }
    if (what === 5) {
      const since = this.#random() < 0.7 ? at : null;
      return personal('watched', (doc) => setWatched(doc, { board: idOf(this.#pick([board, page])) }, since));
    }
    if (what === 6) {
      const level = this.#pick(['all', 'mentions', 'mute', null] as const);
      return personal('levels', (doc) => setLevel(doc, idOf(this.#pick([thread, page, board])), level));
    }
    await settle(parts.inbox);
    const entries = parts.inbox.list(workspace).filter(() => this.#random() < 0.5);
    if (entries.length === 0) return;
    const state = this.#pick(['new', 'done', 'snoozed'] as const);
    await host.call('inbox.mark', { workspace, entries: entries.map(({ id }) => id), state, until: at + 1e12 });
  }

  #mention(doc: Y.Doc, by: string, at: number): void {
    const body = bodyOf(doc);
    body.insertEmbed(
      body.length,
      new Y.Map([
        ['kind', 'paragraph'],
        ['id', `b${String(at)}`],
      ]),
    );
    body.insertEmbed(body.length, { type: 'mention', member: this.#places.me, by, at });
  }

  async #carry(from: Host, to: Host, room: string): Promise<void> {
    if (from === to) return;
    const had = await to.parts.documents.read(room, (doc) => Y.encodeStateVector(doc));
    const update = await from.parts.documents.read(room, (doc) => Y.encodeStateAsUpdate(doc, had));
    await to.parts.documents.edit(room, (doc) => Y.applyUpdate(doc, update));
  }

  #rooms(): readonly string[] {
    const { workspace, space, me, page, board, threads } = this.#places;
    const matters = ['inbox', 'seen', 'watched', 'levels', readMatter(space), cardsMatter(idOf(board))] as const;
    return [page, board, ...threads, ...matters.map((matter) => personalRoom(workspace, me, matter))];
  }

  #below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }
}

function PRINCIPAL({ device }: Host['parts']): { readonly device: string; readonly member: null } {
  return { device: device.id, member: null };
}

/** Everything but when it came to this computer. */
function told(entries: readonly InboxEntry[]): string {
  return entries
    .map(({ arrived, ...entry }) => JSON.stringify({ ...entry, ...(arrived > 0 ? {} : { arrived }) }))
    .sort()
    .join('\n');
}

async function settle(inbox: Inbox): Promise<void> {
  await inbox.settled();
}

function idOf(room: string): string {
  return room.slice(room.lastIndexOf('/') + 1);
}

/** A store that forgets. */
function noValues(): ValueStore {
  return {
    get: () => Promise.resolve(null),
    write: () => Promise.resolve(),
    async *entries() {
      // Nothing is kept.
    },
    async *keys() {
      // Nothing is kept.
    },
  };
}
