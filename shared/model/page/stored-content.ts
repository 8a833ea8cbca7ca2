// Inline content as it is inserted into a text: runs with their marks, and embeds. Whose text it is and where, others say.
import type { Marks, NewInline } from './block.ts';
import { createCheckBox } from './check-box.ts';
import { wellFormed } from './well-formed.ts';

/** One operation of a delta that adds something. */
export interface Insertion {
  readonly insert: string | object;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Inline content as it is inserted into the text. */
export function storedContent(content: readonly NewInline[]): Insertion[] {
  return content.flatMap((inline): Insertion[] => {
    if (inline.type === 'check') return [{ insert: createCheckBox(inline.checked), attributes: {} }];
    if (inline.type !== 'text') return [{ insert: { ...inline }, attributes: {} }];
    return inline.text === '' ? [] : [{ insert: wellFormed(inline.text), attributes: storedMarks(inline.marks) }];
  });
}

/** Marks as text attributes. */
export function storedMarks(marks: Marks): Record<string, unknown> {
  return Object.fromEntries(Object.entries(marks).filter(([, value]) => value !== undefined));
}
