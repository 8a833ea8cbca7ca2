// Which posts of a long thread stand in the DOM, and how much room the others take: heights as measured, or guessed by what they say. It draws nothing.
import { tick } from 'svelte';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { Post } from '../../../../shared/model/thread/posts.ts';
import { HeightWatch } from '../../ui/height-watch.ts';
import { drawn, followSpan, NOTHING, stack, type Span } from '../../ui/list-in-sight.ts';

/** Pixels of a post without text, of a line of it, and the letters in one. */
const BARE = 48;
const LINE = 23;
const LETTERS = 80;
/** The most lines that are guessed. */
const MOST_LINES = 60;
/** Pixels around a post that is gone to. */
const AROUND = 1_200;

export class PostsWindow implements Disposable {
  readonly #posts: () => readonly Post[];
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- `#measured` tells of it, once for many
  readonly #heights = new Map<string, number>();
  #measured = $state(0);
  #span = $state.raw<Span>(NOTHING);
  readonly #watch = new HeightWatch((found) => {
    let any = false;
    for (const [id, height] of found) {
      if (this.#heights.get(id) === height) continue;
      this.#heights.set(id, height);
      any = true;
    }
    if (any) this.#measured += 1;
  });

  readonly #layout = $derived.by(() => {
    void this.#measured;
    const heights = this.#posts().map((post) => this.#heights.get(post.id) ?? guess(post));
    return { heights, ...stack(heights, 0) };
  });
  readonly #range = $derived.by(() => {
    const { tops, heights } = this.#layout;
    return drawn(tops, heights, this.#span);
  });

  constructor(posts: () => readonly Post[]) {
    this.#posts = posts;
  }

  /** Index of the first post that is drawn, and of the one behind the last. */
  get from(): number {
    return this.#range[0];
  }
  get to(): number {
    return this.#range[1];
  }
  /** Pixels that posts take which are not drawn. */
  get above(): number {
    return this.#layout.tops[this.from] ?? 0;
  }
  get below(): number {
    const { tops, height } = this.#layout;
    return height - (tops[this.to] ?? height);
  }

  /** Follows what is in sight of the list; the returned function ends that. */
  follow(list: HTMLElement, scroller: HTMLElement): () => void {
    return followSpan(list, scroller, (span) => {
      // Before anything was laid out the first place holds.
      if (span.bottom > span.top) this.#span = span;
    });
  }

  watch(row: HTMLElement, id: string): () => void {
    return this.#watch.watch(row, id);
  }

  /** Draws the posts around one; resolves when they stand in the DOM. */
  async reach(index: number): Promise<void> {
    if (index < this.from || index >= this.to) {
      const top = this.#layout.tops[index] ?? 0;
      this.#span = { top: top - AROUND, bottom: top + AROUND };
    }
    await tick();
  }

  dispose(): void {
    this.#watch.dispose();
  }
}

function guess({ text }: Post): number {
  let lines = 0;
  for (let at = 0; lines < MOST_LINES; lines += 1) {
    if (at >= text.length) break;
    const end = text.indexOf('\n', at);
    at = Math.min(end < 0 ? Infinity : end + 1, at + LETTERS);
  }
  return BARE + lines * LINE;
}
