// Keeps a text field and a document's title the same while several people type; it never rewrites more than was typed.
import type * as Y from 'yjs';

/** What the binding uses of a textarea. */
export interface TitleField {
  value: string;
  readonly selectionStart: number;
  readonly selectionEnd: number;
  setSelectionRange(start: number, end: number): void;
}

type Delta = readonly {
  readonly insert?: unknown;
  readonly delete?: number | undefined;
  readonly retain?: number | undefined;
}[];

/** Line breaks and control characters as spaces, one for one: positions in the field are positions in the text. */
function asOneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, ' ');
}

/** What was typed between two values: the shortest replaced stretch. Never between the halves of a character. */
export function typed(
  before: string,
  after: string,
): { readonly at: number; readonly removed: number; readonly added: string } {
  const half = (text: string, at: number): boolean => {
    const code = text.charCodeAt(at);
    return code >= 0xdc00 && code <= 0xdfff;
  };
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  while (start > 0 && (half(before, start) || half(after, start))) start -= 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  while (end > 0 && (half(before, before.length - end) || half(after, after.length - end))) end -= 1;
  return { at: start, removed: before.length - start - end, added: after.slice(start, after.length - end) };
}

/** Where a position of the old text lies after a change; null: the letter behind it was removed. */
function carry(position: number, delta: Delta): { readonly at: number; readonly removed: boolean } {
  let from = 0;
  let at = position;
  for (const op of delta) {
    if (typeof op.insert === 'string') {
      if (from <= position) at += op.insert.length;
    } else if (op.delete !== undefined) {
      if (from + op.delete > position && from <= position) return { at: at - (position - from), removed: true };
      if (from <= position) at -= op.delete;
      from += op.delete;
    } else from += op.retain ?? 0;
    if (from > position) break;
  }
  return { at, removed: false };
}

/** A caret stays before what is inserted at its place, as the eye expects of somebody else's typing. */
function carryCaret(position: number, delta: Delta): number {
  let from = 0;
  let at = position;
  for (const op of delta) {
    if (from >= position) break;
    if (typeof op.insert === 'string') at += op.insert.length;
    else if (op.delete !== undefined) {
      at -= Math.min(op.delete, position - from);
      from += op.delete;
    } else from += op.retain ?? 0;
  }
  return at;
}

/** One field, one title. The owner calls `input`, `compositionStart`, `compositionEnd` from the field's events, and `dispose`. */
export class TitleBinding {
  readonly #text: Y.Text;
  readonly #field: TitleField;
  /** What the field showed when it was last the same as the text. */
  #shown: string;
  /** Changes of others that came during a composition: the field must not be touched then. */
  #behind: Delta[] = [];
  #composing = false;

  constructor(text: Y.Text, field: TitleField) {
    this.#text = text;
    this.#field = field;
    this.#shown = asOneLine(text.toString());
    field.value = this.#shown;
    text.observe(this.#observe);
  }

  /** The field changed by the person at it. */
  input(): void {
    const value = asOneLine(this.#field.value);
    const { at, removed, added } = typed(this.#shown, value);
    this.#shown = value;
    if (removed > 0 || added !== '') {
      this.#text.doc?.transact(() => this.#apply(at, removed, added), this);
    }
    if (!this.#composing && this.#field.value !== value)
      this.#show(value, this.#field.selectionStart, this.#field.selectionEnd);
  }

  compositionStart(): void {
    this.#composing = true;
  }

  compositionEnd(): void {
    this.input();
    this.#composing = false;
    const behind = this.#behind;
    this.#behind = [];
    if (behind.length > 0) this.#catchUp(behind);
  }

  dispose(): void {
    this.#text.unobserve(this.#observe);
  }

  readonly #observe = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
    if (transaction.origin === this) return;
    const delta = event.delta as Delta;
    if (this.#composing) this.#behind.push(delta);
    else this.#catchUp([delta]);
  };

  #apply(at: number, removed: number, added: string): void {
    const place = (position: number): { at: number; removed: boolean } => {
      let now = position;
      for (const delta of this.#behind) {
        const next = carry(now, delta);
        if (next.removed) return { at: next.at, removed: true };
        now = next.at;
      }
      return { at: now, removed: false };
    };
    // Letter by letter from the end: what somebody else put between them stays.
    for (let position = at + removed - 1; position >= at; position--) {
      const target = place(position);
      if (!target.removed) this.#text.delete(target.at, 1);
    }
    if (added !== '')
      this.#text.insert(Math.min(this.#behind.length > 0 ? place(at).at : at, this.#text.length), added);
    if (this.#behind.length > 0) this.#rebase(at, removed, added);
  }

  /** The waiting changes are told in positions of the field; what was typed meanwhile moves them. */
  #rebase(at: number, removed: number, added: string): void {
    const shift = added.length - removed;
    this.#behind = this.#behind.map((delta) => {
      const first = delta[0];
      if (first?.retain === undefined || first.retain < at) return delta;
      return [{ retain: Math.max(at, first.retain + shift) }, ...delta.slice(1)];
    });
  }

  #catchUp(deltas: readonly Delta[]): void {
    const { selectionStart, selectionEnd } = this.#field;
    const after = (position: number): number => deltas.reduce((now, delta) => carryCaret(now, delta), position);
    this.#show(asOneLine(this.#text.toString()), after(selectionStart), after(selectionEnd));
  }

  #show(value: string, start: number, end: number): void {
    this.#shown = value;
    this.#field.value = value;
    this.#field.setSelectionRange(start, end);
  }
}
