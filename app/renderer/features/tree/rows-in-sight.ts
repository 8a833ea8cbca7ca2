// Which rows of a long tree stand in the DOM: those in sight, some around them, and those that must not go. No rows of its own.

/** All rows are this high. */
export const ROW_HEIGHT = 28;
/** A tree of this many rows is drawn whole: that is quick, and a reader can walk all of it. */
const WHOLE = 150;
const AROUND = 15;
/** The edges move in steps, so that a scroll redraws now and then instead of on every row. */
const STEP = 10;

/** Rows from `from` up to, and without, `to`. */
export interface Sight {
  readonly from: number;
  readonly to: number;
}

/** @param above pixels of the tree that are scrolled away over the upper edge (negative: it begins lower down). */
export function sightOf(above: number, height: number): Sight {
  const first = Math.floor(above / ROW_HEIGHT) - AROUND;
  const last = Math.ceil((above + height) / ROW_HEIGHT) + AROUND;
  return { from: Math.max(0, Math.floor(first / STEP) * STEP), to: Math.max(0, Math.ceil(last / STEP) * STEP) };
}

export interface Placed<Row> {
  readonly row: Row;
  readonly index: number;
}

/** In the order of the tree; `stays` names rows that are drawn wherever they are, such as the one with the focus. */
export function drawnRows<Row>(
  rows: readonly Row[],
  sight: Sight,
  stays: (row: Row) => boolean,
): readonly Placed<Row>[] {
  const drawn: Placed<Row>[] = [];
  const whole = rows.length <= WHOLE;
  rows.forEach((row, index) => {
    if (whole || (index >= sight.from && index < sight.to) || stays(row)) drawn.push({ row, index });
  });
  return drawn;
}

/** Follows what is in sight of `tree` inside `scroller`; the returned function ends that. */
export function followSight(tree: HTMLElement, scroller: HTMLElement, tell: (sight: Sight) => void): () => void {
  let told: Sight = { from: -1, to: -1 };
  const look = (): void => {
    const frame = scroller.getBoundingClientRect();
    const sight = sightOf(frame.top - tree.getBoundingClientRect().top, frame.height);
    if (sight.from === told.from && sight.to === told.to) return;
    told = sight;
    tell(sight);
  };
  const sizes = new ResizeObserver(look);
  sizes.observe(scroller);
  // What opens or closes above the tree moves it, and changes the height of all that is scrolled.
  for (const child of scroller.children) sizes.observe(child);
  scroller.addEventListener('scroll', look, { passive: true });
  look();
  return () => {
    sizes.disconnect();
    scroller.removeEventListener('scroll', look);
  };
}
