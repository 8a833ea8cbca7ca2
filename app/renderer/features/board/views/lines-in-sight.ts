// Which of many rows of one height stand in the DOM. Pure.
import type { Span } from '../../../ui/list-in-sight.ts';

/** So many are drawn whole: that is quick, and a reader can walk all of them. */
const WHOLE = 60;

/** The indices from the first to behind the last that touch the span. */
export function linesInSight(count: number, height: number, span: Span): readonly [number, number] {
  if (count <= WHOLE) return [0, count];
  const from = Math.min(count, Math.max(0, Math.floor(span.top / height)));
  return [from, Math.min(count, Math.max(from, Math.ceil(span.bottom / height)))];
}
