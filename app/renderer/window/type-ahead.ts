// Takes what is typed between asking for a new page and its title standing on the screen. It decides nothing about the page.

/** What was typed ahead: the first line is the title, each further one a paragraph. */
export interface TypedAhead {
  readonly title: string;
  readonly text: readonly string[];
}

/** A field that nobody sees holds the focus meanwhile, so that input methods, pasting and Backspace work as everywhere. */
export class TypeAhead {
  readonly #document: Document;
  #field: HTMLTextAreaElement | null = null;
  /** What was typed for a page that could not be made: it stands in the next one. */
  #kept = '';

  constructor(document: Document) {
    this.#document = document;
  }

  begin(): void {
    const field = this.#field ?? this.#document.createElement('textarea');
    if (!this.#field) {
      field.className = 'unseen';
      field.setAttribute('aria-label', 'Words for the new page');
      field.value = this.#kept;
      this.#kept = '';
      this.#field = field;
      this.#document.body.append(field);
    }
    field.focus();
    // A dialog that was asked from gives the focus back to where it had it, once it is closed.
    setTimeout(() => {
      if (this.#field === field) field.focus();
    });
  }

  /** The page's title has the focus now, and gets these words; null when nothing was asked for. */
  take(): TypedAhead | null {
    const typed = this.#end();
    if (typed === null) return null;
    const [title = '', ...text] = typed.split(/\r\n|[\r\n]/);
    return { title, text };
  }

  /** The page could not be made. True when words are kept for the next one. */
  keep(): boolean {
    this.#kept = this.#end() ?? '';
    return this.#kept !== '';
  }

  #end(): string | null {
    const field = this.#field;
    if (!field) return null;
    this.#field = null;
    field.remove();
    return field.value;
  }
}
