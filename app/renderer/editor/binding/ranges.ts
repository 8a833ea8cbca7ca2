// Parts of many fragments at once: which ranges and markers a change takes, as one delta and as new runs. It writes nothing.
import type * as Y from 'yjs';
import { runLength, type Attributes, type Fragment, type Run } from '../../../../shared/model/page/fragments.ts';

/** A range of a fragment's content, everything counted. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** One operation of a delta of the body. */
export type DeltaOperation =
  | { readonly retain: number; readonly attributes?: Record<string, unknown> }
  | { readonly insert: string | object; readonly attributes: Record<string, unknown> }
  | { delete: number };

/** A new fragment before it is written. */
export interface NewFragment {
  readonly marker: Y.Map<unknown>;
  readonly runs: readonly { readonly insert: string | object; readonly attributes: Attributes }[];
}

/** What a change touches. The ranges of a fragment are added in ascending order. */
export class Parts {
  readonly ranges = new Map<Fragment, Range[]>();
  readonly markers = new Set<Fragment>();

  add(fragment: Fragment, offset: number, length: number): void {
    const there = this.ranges.get(fragment);
    const last = there?.at(-1);
    if (!there) this.ranges.set(fragment, [{ offset, length }]);
    else if (last && last.offset + last.length === offset) {
      there[there.length - 1] = { offset: last.offset, length: last.length + length };
    } else there.push({ offset, length });
  }
}

/**
 * A delta that deletes the parts (`format` null) or sets attributes on them. One walk of the text does all of it: an operation
 * by index walks from the start, so that one for each part would cost the square of their number.
 */
export function deltaOf(
  fragments: readonly Fragment[],
  parts: Parts,
  format: Readonly<Record<string, unknown>> | null,
): DeltaOperation[] {
  const delta: DeltaOperation[] = [];
  let skipped = 0;
  const take = (length: number): void => {
    const last = delta.at(-1);
    if (skipped === 0 && !format && last && 'delete' in last) {
      last.delete += length;
      return;
    }
    if (skipped > 0) delta.push({ retain: skipped });
    skipped = 0;
    delta.push(format ? { retain: length, attributes: { ...format } } : { delete: length });
  };
  for (const fragment of fragments) {
    if (fragment.marker) {
      if (parts.markers.has(fragment)) take(1);
      else skipped += 1;
    }
    let at = 0;
    for (const { offset, length } of parts.ranges.get(fragment) ?? []) {
      skipped += offset - at;
      take(length);
      at = offset + length;
    }
    skipped += fragment.length - at;
  }
  return delta;
}

/** Runs with those in the ranges changed, or (null) left out. Runs that are not text are never copied when they stay as they are. */
export function changeRuns(runs: readonly Run[], ranges: readonly Range[], change: (run: Run) => Run | null): Run[] {
  const result: Run[] = [];
  let number = 0;
  let start = 0;
  for (const run of runs) {
    const end = start + runLength(run);
    let at = start;
    for (let range = ranges[number]; range && range.offset < end; range = ranges[number]) {
      const low = Math.max(at, range.offset);
      const high = Math.min(end, range.offset + range.length);
      if (low > at) result.push(part(run, at - start, low - start));
      const changed = change(part(run, low - start, high - start));
      if (changed) result.push(changed);
      at = high;
      // The range goes on in the next run.
      if (range.offset + range.length > end) break;
      number += 1;
    }
    if (at < end) result.push(part(run, at - start, end - start));
    start = end;
  }
  return result;
}

function part(run: Run, from: number, to: number): Run {
  if (typeof run.insert !== 'string' || (from === 0 && to === run.insert.length)) return run;
  return { insert: run.insert.slice(from, to), attributes: run.attributes };
}
