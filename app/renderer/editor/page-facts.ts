// What is told about a page's text as a whole: its headings and how much it is. Counted block by block, off the hot path.
import type { Node } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import type { Clock } from '../../../shared/base/clock.ts';
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import { idOf, isText, kindOf } from './blocks.ts';

export interface OutlineEntry {
  readonly id: string;
  readonly level: number;
  readonly text: string;
}

export interface PageFacts {
  readonly outline: readonly OutlineEntry[];
  readonly words: number;
  readonly characters: number;
}

/** After this long without a change the facts are counted again. */
const QUIET_MS = 200;

interface Counted {
  readonly words: number;
  readonly characters: number;
}

/** The facts of one page for who watches them; nothing is counted while nobody does. */
export class PageFactsWatch {
  readonly #clock: Clock;
  readonly #listeners = new Set<(facts: PageFacts) => void>();
  readonly #counted = new WeakMap<Node, Counted>();
  readonly #words = new Intl.Segmenter(undefined, { granularity: 'word' });
  #view: EditorView | null = null;
  #waiting: Disposable | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  plugin(): Plugin {
    return new Plugin({
      view: (view) => {
        this.#view = view;
        return {
          update: (now, before) => {
            if (before.doc !== now.state.doc && this.#listeners.size > 0) this.#later();
          },
          destroy: () => {
            this.#waiting?.dispose();
            this.#view = null;
          },
        };
      },
    });
  }

  /** Tells the facts at once and after each change. */
  watch(listener: (facts: PageFacts) => void): Disposable {
    this.#listeners.add(listener);
    if (this.#view) listener(this.#read(this.#view.state.doc));
    return disposable(() => void this.#listeners.delete(listener));
  }

  #later(): void {
    this.#waiting?.dispose();
    this.#waiting = this.#clock.after(QUIET_MS, () => {
      this.#waiting = null;
      if (!this.#view) return;
      const facts = this.#read(this.#view.state.doc);
      for (const listener of [...this.#listeners]) listener(facts);
    });
  }

  #read(doc: Node): PageFacts {
    const outline: OutlineEntry[] = [];
    let words = 0;
    let characters = 0;
    doc.forEach((node) => {
      if (!isText(node)) return;
      const counted = this.#count(node);
      words += counted.words;
      characters += counted.characters;
      if (kindOf(node) === 'heading') {
        outline.push({ id: idOf(node), level: Number(node.attrs['level']), text: node.textContent });
      }
    });
    return { outline, words, characters };
  }

  #count(node: Node): Counted {
    const known = this.#counted.get(node);
    if (known) return known;
    const text = node.textContent;
    let words = 0;
    for (const segment of this.#words.segment(text)) if (segment.isWordLike) words += 1;
    const counted = { words, characters: [...text].length };
    this.#counted.set(node, counted);
    return counted;
  }
}
