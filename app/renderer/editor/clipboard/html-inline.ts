// Collecting pasted inline content: marks from tags and styles, white space as a browser would show it. No blocks here.
import type { CheckBox, Embed, Marks, NewInline } from '../../../../shared/model/page/block.ts';
import { safeHref } from '../links.ts';

const MARK_TAGS: Readonly<Record<string, keyof Omit<Marks, 'link'>>> = {
  B: 'bold',
  STRONG: 'bold',
  I: 'italic',
  EM: 'italic',
  CODE: 'code',
  KBD: 'code',
  SAMP: 'code',
  TT: 'code',
  S: 'strike',
  DEL: 'strike',
  STRIKE: 'strike',
  MARK: 'highlight',
};

/** The marks inside `element`, given those around it. Unsafe addresses are no links. */
export function marksInside(element: HTMLElement, around: Marks): Marks {
  const { style, nodeName } = element;
  let marks: Marks = around;
  const tag = MARK_TAGS[nodeName];
  // Google Docs wraps everything it copies in <b style="font-weight:normal">.
  const weight = style.fontWeight;
  const light = weight === 'normal' || weight === '400';
  if (tag && !(tag === 'bold' && light)) marks = { ...marks, [tag]: true };
  if (weight === 'bold' || Number(weight) >= 600) marks = { ...marks, bold: true };
  if (style.fontStyle === 'italic') marks = { ...marks, italic: true };
  if (style.textDecoration.includes('line-through')) marks = { ...marks, strike: true };
  if (nodeName === 'A') {
    const link = safeHref(element.getAttribute('href'));
    if (link !== null) marks = { ...marks, link };
  }
  return marks;
}

/** Runs of one block in the making: white space collapses, except where it is kept on purpose. */
export class InlineCollector {
  #runs: NewInline[] = [];
  #endsInSpace = true;

  get isEmpty(): boolean {
    return this.#runs.every((run) => run.type === 'text' && run.text.trim() === '');
  }

  text(raw: string, marks: Marks, keepSpace: boolean): void {
    let text = raw.replaceAll('\r\n', '\n');
    if (!keepSpace) {
      text = text.replace(/[ \t\n\r\f]+/g, ' ');
      if (this.#endsInSpace) text = text.replace(/^ /, '');
    }
    // Office programs write no-break spaces where they mean spaces.
    text = text.replaceAll('\u00a0', ' ');
    if (text === '') return;
    this.#endsInSpace = /\s$/.test(text);
    this.#push(text, marks);
  }

  embed(embed: Embed | CheckBox): void {
    this.#runs.push(embed);
    this.#endsInSpace = false;
  }

  lineBreak(): void {
    this.#push('\n', {});
    this.#endsInSpace = true;
  }

  /** What was collected, trimmed at both ends; the collector is empty afterwards. */
  take(): NewInline[] {
    const runs = this.#runs;
    this.#runs = [];
    this.#endsInSpace = true;
    while (runs.length > 0) {
      const last = runs[runs.length - 1];
      if (last?.type !== 'text') break;
      const text = last.text.trimEnd();
      if (text === last.text) break;
      runs.pop();
      if (text !== '') runs.push({ ...last, text });
    }
    return runs;
  }

  #push(text: string, marks: Marks): void {
    const last = this.#runs.at(-1);
    if (last?.type === 'text' && sameMarks(last.marks, marks))
      this.#runs[this.#runs.length - 1] = { ...last, text: last.text + text };
    else this.#runs.push({ type: 'text', text, marks });
  }
}

function sameMarks(a: Marks, b: Marks): boolean {
  return (
    a.bold === b.bold &&
    a.italic === b.italic &&
    a.code === b.code &&
    a.strike === b.strike &&
    a.highlight === b.highlight &&
    a.link === b.link
  );
}
