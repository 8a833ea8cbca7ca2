// What joins a page's text and the panel of its contents: the text says what it can tell, the panel watches it. It draws nothing.
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { PageFacts } from '../editor/page-facts.ts';

/** What the text on the screen offers. */
export interface ContentsText {
  /** Tells the facts at once and after each change. */
  watch(listener: (facts: PageFacts) => void): Disposable;
  goTo(block: string): void;
}

/** Attached to an open page; the text is there while a screen shows it. */
export class PageContents implements Disposable {
  #text = $state.raw<ContentsText | null>(null);

  get text(): ContentsText | null {
    return this.#text;
  }

  /** Shows a text; the returned function takes it away, unless another one took its place. */
  show(text: ContentsText): () => void {
    this.#text = text;
    return () => {
      if (this.#text === text) this.#text = null;
    };
  }

  dispose(): void {
    this.#text = null;
  }
}
