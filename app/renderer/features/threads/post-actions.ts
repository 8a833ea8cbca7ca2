// What one person does in an open thread: each is a command of the model, said aloud where the screen alone would not say it. It holds no state.
import type * as Y from 'yjs';
import type { Clock } from '../../../../shared/base/clock.ts';
import {
  addPost,
  editPost,
  react,
  removePost,
  restorePost,
  takeBackVote,
  vote,
} from '../../../../shared/model/thread/commands.ts';
import { acceptAnswer, decide, unacceptAnswer } from '../../../../shared/model/thread/fact-commands.ts';
import type { IdeaState } from '../../../../shared/model/thread/facts.ts';
import { moderate } from '../../../../shared/model/thread/deeds.ts';
import { reportPost } from '../../../../shared/model/thread/moderation.ts';
import type { Post } from '../../../../shared/model/thread/posts.ts';
import type { Announcer } from '../../window/announcer.svelte.ts';
import { failureWords } from '../../window/failure.ts';
import type { Toasts } from '../../window/toasts.svelte.ts';

interface Parts {
  readonly doc: Y.Doc;
  readonly me: () => string;
  readonly device: () => string;
  readonly clock: Clock;
  readonly toasts: Toasts;
  readonly announcer: Announcer;
}

/** What needs a reason, which others read. */
export type Reasoned =
  { readonly kind: 'hide' | 'report'; readonly post: string } | { readonly kind: 'decide'; readonly state: IdeaState };

export class PostActions {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** False where it could not be written, which was said. */
  send(text: string, reply: string | null): boolean {
    const { doc, device, clock, toasts, announcer } = this.#parts;
    try {
      addPost(doc, { author: this.#me, device: device(), text, at: clock.now(), reply });
    } catch (error) {
      toasts.fail(failureWords(error));
      return false;
    }
    announcer.say('Posted.');
    return true;
  }

  /** False where it could not be written, which was said. */
  edit(post: string, text: string): boolean {
    const { doc, clock, toasts } = this.#parts;
    try {
      editPost(doc, post, { text, at: clock.now() });
      return true;
    } catch (error) {
      toasts.fail(failureWords(error));
      return false;
    }
  }

  remove({ id }: Post): void {
    const { doc, clock, toasts } = this.#parts;
    removePost(doc, id, { at: clock.now(), by: this.#me });
    toasts.show('Deleted.', { label: 'Undo', run: () => restorePost(doc, id) });
  }

  react(post: string, emoji: string, on: boolean): void {
    react(this.#parts.doc, { post, member: this.#me, emoji }, on);
  }

  /** No choices, and not `on`: the vote is taken back. */
  vote(choices: readonly string[], on: boolean): void {
    const { doc, clock } = this.#parts;
    if (on) vote(doc, { member: this.#me, choices, at: clock.now() });
    else takeBackVote(doc, this.#me);
  }

  accept(post: string): void {
    acceptAnswer(this.#parts.doc, post, this.#doing);
  }
  unaccept(): void {
    unacceptAnswer(this.#parts.doc);
  }

  show(post: string): void {
    moderate(this.#parts.doc, { ...this.#doing, what: 'show', to: post, reason: '' });
  }
  dealtWith(post: string): void {
    moderate(this.#parts.doc, { ...this.#doing, what: 'dealt-with', to: post, reason: '' });
  }

  reasoned(what: Reasoned, reason: string): void {
    const { doc, toasts } = this.#parts;
    const doing = { ...this.#doing, reason };
    if (what.kind === 'hide') moderate(doc, { ...doing, what: 'hide', to: what.post });
    else if (what.kind === 'decide') decide(doc, { state: what.state, ...doing });
    else {
      reportPost(doc, { post: what.post, ...doing });
      toasts.show('The managers of this space are told.');
    }
  }

  get #me(): string {
    return this.#parts.me();
  }
  get #doing(): { readonly by: string; readonly at: number } {
    return { by: this.#me, at: this.#parts.clock.now() };
  }
}
