// The posts of one thread that somebody edits, one in sight at a time: what is typed is a draft of its own until it is saved or put away. It draws nothing.
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { Post } from '../../../../shared/model/thread/posts.ts';
import type { Toasts } from '../../window/toasts.svelte.ts';
import type { ThreadDraft } from './thread-draft.svelte.ts';

interface Parts {
  readonly draftOf: (post: Post) => ThreadDraft;
  readonly toasts: Toasts;
}

export class PostEdit implements Disposable {
  readonly #parts: Parts;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- not shown: what is shown is #now
  readonly #drafts = new Map<string, ThreadDraft>();
  #now = $state.raw<{ readonly post: Post; readonly draft: ThreadDraft } | null>(null);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is typed in the place of a post's text; null where it is not edited. */
  of(post: string): { readonly text: string; readonly note: string } | null {
    if (this.#now?.post.id !== post) return null;
    const { text, note } = this.#now.draft;
    return { text, note };
  }

  /** What was typed and neither saved nor put away stands there again, also after a restart. */
  begin(post: Post): void {
    if (this.#now?.post.id === post.id) return;
    if (this.#now && this.#now.draft.text !== this.#now.post.text) {
      this.#parts.toasts.show('What you typed in the other post is kept. Edit it again to go on.');
    }
    let draft = this.#drafts.get(post.id);
    if (draft) draft.beginWith(post.text);
    else this.#drafts.set(post.id, (draft = this.#parts.draftOf(post)));
    this.#now = { post, draft };
  }

  type(text: string): void {
    this.#now?.draft.set(text);
  }

  /** The post stays as it was; what was typed comes back with "Undo". */
  putAway(): void {
    if (!this.#now) return;
    const { post, draft } = this.#now;
    const { text } = draft;
    this.#now = null;
    draft.discard();
    if (text.trim() === '' || text === post.text) return;
    this.#parts.toasts.show('The edit is put away.', {
      label: 'Undo',
      run: () => {
        this.begin(post);
        this.type(text);
      },
    });
  }

  /** @param kept when the post is stored: until then the draft stays. */
  saved(kept: Promise<void>): void {
    this.#now?.draft.sent(kept);
    this.#now = null;
  }

  /** The window may go away now. */
  leave(): void {
    for (const draft of this.#drafts.values()) draft.leave();
  }

  dispose(): void {
    for (const draft of this.#drafts.values()) draft.dispose();
  }
}
