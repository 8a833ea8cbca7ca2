// The comments of a card as components read them: the posts of its own document. It never writes.
import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';
import { postsOf, reactionsOf } from '../../../../../shared/model/document/roots.ts';
import { readPosts, type Post } from '../../../../../shared/model/thread/posts.ts';

export class CardCommentsView {
  readonly #doc: Y.Doc;
  readonly #subscribe: () => void;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    this.#subscribe = createSubscriber((update) => {
      const [posts, reactions] = [postsOf(doc), reactionsOf(doc)];
      posts.observeDeep(update);
      reactions.observe(update);
      return () => {
        posts.unobserveDeep(update);
        reactions.unobserve(update);
      };
    });
  }

  get posts(): readonly Post[] {
    this.#subscribe();
    return readPosts(postsOf(this.#doc), reactionsOf(this.#doc), []);
  }
}
