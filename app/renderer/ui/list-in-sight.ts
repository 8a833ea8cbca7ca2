// Which rows of a long list stand in the DOM: their places from heights that were measured or are guessed, and what is in sight. No rows of its own.

/** Pixels between two rows, where nothing else is said. */
export const GAP = 8;
const AROUND = 600;
/** To the left and to the right of the window: more than a column. */
const BESIDE = 320;
/** The edges move in steps, so that a scroll redraws now and then. */
const STEP = 200;
/** A list of this many is drawn whole: that is quick, and a reader can walk all of it. */
const WHOLE = 40;

/** Pixels of the list. */
export interface Span {
  readonly top: number;
  readonly bottom: number;
}

/** Before it is known where the list is, and where that is beside what is in sight. */
export const NOTHING: Span = Object.freeze({ top: 0, bottom: -1 });

/** The tops of things of these heights below each other, and the height of all. */
export function stack(
  heights: readonly number[],
  gap = GAP,
): { readonly tops: readonly number[]; readonly height: number } {
  const tops: number[] = [];
  let at = 0;
  for (const height of heights) {
    tops.push(at);
    at += height + gap;
  }
  return { tops, height: Math.max(0, at - gap) };
}

/** The indices that are drawn: those that touch the span. */
export function drawn(tops: readonly number[], heights: readonly number[], span: Span): readonly [number, number] {
  if (tops.length <= WHOLE) return [0, tops.length];
  let from = 0;
  while (from < tops.length && (tops[from] ?? 0) + (heights[from] ?? 0) < span.top) from += 1;
  let to = from;
  while (to < tops.length && (tops[to] ?? 0) <= span.bottom) to += 1;
  return [from, to];
}

/** In front of which row something at `y` goes: it has passed the middles of those before. */
export function indexAt(tops: readonly number[], heights: readonly number[], y: number): number {
  let index = 0;
  while (index < tops.length && y > (tops[index] ?? 0) + (heights[index] ?? 0) / 2) index += 1;
  return index;
}

/** Follows what is in sight of `list` inside `scroller`, with some around it; the returned function ends that. */
export function followSpan(list: HTMLElement, scroller: HTMLElement, tell: (span: Span) => void): () => void {
  let told: Span = NOTHING;
  const look = (): void => {
    const frame = scroller.getBoundingClientRect();
    const own = list.getBoundingClientRect();
    const isBeside = own.right < -BESIDE || own.left > innerWidth + BESIDE;
    const above = frame.top - own.top;
    const now = isBeside
      ? NOTHING
      : {
          top: Math.floor((above - AROUND) / STEP) * STEP,
          bottom: Math.ceil((above + frame.height + AROUND) / STEP) * STEP,
        };
    if (now.top === told.top && now.bottom === told.bottom) return;
    told = now;
    tell(told);
  };
  /** Whatever it lies in may scroll: its column, the board. */
  const scrolled = ({ target }: globalThis.Event): void => {
    if (target instanceof Node && target.contains(list)) look();
  };
  const sizes = new ResizeObserver(look);
  sizes.observe(scroller);
  sizes.observe(list);
  addEventListener('scroll', scrolled, { passive: true, capture: true });
  addEventListener('resize', look);
  look();
  return () => {
    sizes.disconnect();
    removeEventListener('scroll', scrolled, { capture: true });
    removeEventListener('resize', look);
  };
}
