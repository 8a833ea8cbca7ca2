// The numbers of ordered items, computed from the flat run of blocks (CSS counters were measured to be slow). Draws nothing.
import type { Node } from 'prosemirror-model';
import { indentOf, isText, kindOf } from './blocks.ts';

/** What of a block counts for the numbers. */
export interface NumberedBlock {
  readonly indent: number;
  readonly ordered: boolean;
}

/**
 * Numbers one block after another; undefined for what is no ordered item. Items count on over deeper blocks between them; any other
 * block at their level or further out starts again at 1.
 */
function counter(): (indent: number, ordered: boolean) => number | undefined {
  // counts[indent] is the number of the last item at that indent while its list goes on.
  const counts: number[] = [];
  return (indent, ordered) => {
    if (!ordered) {
      if (counts.length > indent) counts.length = indent;
      return undefined;
    }
    const number = (counts[indent] ?? 0) + 1;
    if (counts.length > indent + 1) counts.length = indent + 1;
    counts[indent] = number;
    return number;
  };
}

/** The number of every ordered item, by index. */
export function numbersOf(blocks: readonly NumberedBlock[]): Map<number, number> {
  const numbers = new Map<number, number>();
  const count = counter();
  blocks.forEach(({ indent, ordered }, index) => {
    const number = count(indent, ordered);
    if (number !== undefined) numbers.set(index, number);
  });
  return numbers;
}

/** The same of the shown document, by child index. It makes nothing for blocks without a number: each Enter asks for it. */
export function orderedNumbers(doc: Node): Map<number, number> {
  const numbers = new Map<number, number>();
  const count = counter();
  doc.content.content.forEach((node, index) => {
    const number = count(indentOf(node), isText(node) && kindOf(node) === 'ordered');
    if (number !== undefined) numbers.set(index, number);
  });
  return numbers;
}

/** How a number is written at a level: 1, a, i and again. */
export function numberLabel(number: number, indent: number): string {
  const style = indent % 3;
  return `${style === 0 ? String(number) : style === 1 ? letters(number) : roman(number)}.`;
}

function letters(number: number): string {
  let text = '';
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(97 + ((rest - 1) % 26)) + text;
  }
  return text;
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

function roman(number: number): string {
  // Beyond what Roman numerals can say, the plain number is clearer.
  if (number > 3999) return String(number);
  let rest = number;
  let text = '';
  for (const [value, digits] of ROMAN) {
    while (rest >= value) {
      text += digits;
      rest -= value;
    }
  }
  return text;
}

/** Whether two versions of a page can differ in their numbers: same run of kinds and indents means no. */
export function sameOutline(before: Node, after: Node): boolean {
  if (before === after) return true;
  if (before.childCount !== after.childCount) return false;
  for (let index = 0; index < after.childCount; index++) {
    const a = before.child(index);
    const b = after.child(index);
    // Nodes that did not change are the same object, so this costs one comparison for nearly every block.
    if (a !== b && (kindOf(a) !== kindOf(b) || indentOf(a) !== indentOf(b))) return false;
  }
  return true;
}
