// The order of a thread's posts: after what their authors had seen, then by time, then by id. Pure, iterative, total.

/** A post as far as its place goes. */
export interface Placed {
  readonly id: string;
  readonly at: number;
  /** Ids of posts that its author had seen; unknown ones are not heeded. */
  readonly after: readonly string[];
}

/** By time, then by id in code units. */
function compare(a: Placed, b: Placed): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id === b.id ? 0 : 1);
}

/** A binary heap: the smallest comes first. */
class Ready<T extends Placed> {
  readonly #heap: T[] = [];

  push(post: T): void {
    const heap = this.#heap;
    let at = heap.push(post) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const [parent, child] = [heap[up], heap[at]];
      if (!parent || !child || compare(parent, child) <= 0) break;
      [heap[up], heap[at]] = [child, parent];
      at = up;
    }
  }

  pop(): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return first;
    heap[0] = last;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        const [one, other] = [heap[child], heap[least]];
        if (one && other && compare(one, other) < 0) least = child;
      }
      if (least === at) return first;
      const [one, other] = [heap[at], heap[least]];
      if (one && other) [heap[at], heap[least]] = [other, one];
      at = least;
    }
  }
}

/** Steps of the ways back, a post: forged documents alone have more. */
const MOST_STEPS = 32;

/**
 * Each post once, behind everything that it names in `after`. Of a cycle, which only a forged document holds, the smallest
 * post goes first, so that every computer cuts the same one.
 */
export function orderPosts<T extends Placed>(posts: readonly T[]): T[] {
  const byId = new Map(posts.map((post) => [post.id, post]));
  const waitsFor = new Map<T, Set<string>>();
  const followers = new Map<string, T[]>();
  const ready = new Ready<T>();
  for (const post of byId.values()) {
    const before = new Set(post.after.filter((id) => id !== post.id && byId.has(id)));
    waitsFor.set(post, before);
    for (const id of before) {
      const known = followers.get(id);
      if (known) known.push(post);
      else followers.set(id, [post]);
    }
    if (before.size === 0) ready.push(post);
  }
  const ordered: T[] = [];
  const release = (post: T): void => {
    waitsFor.delete(post);
    ordered.push(post);
    for (const follower of followers.get(post.id) ?? []) {
      const before = waitsFor.get(follower);
      if (before?.delete(post.id) && before.size === 0) ready.push(follower);
    }
  };
  const drain = (): void => {
    for (let next = ready.pop(); next; next = ready.pop()) release(next);
  };
  drain();
  if (waitsFor.size === 0) return ordered;
  const way = new WayBack(waitsFor, byId);
  for (const start of [...waitsFor.keys()].sort(compare)) {
    while (waitsFor.has(start)) {
      release(way.steps > MOST_STEPS * byId.size ? start : way.smallestOfCycle(start));
      drain();
    }
  }
  return ordered;
}

/**
 * The way back along the smallest post that each still waits for, until it meets itself. It is the same whatever order posts came in. What
 * stays of it when a post was placed is where it would lead again, so that it is not gone anew: there may be as many cycles as posts.
 */
class WayBack<T extends Placed> {
  readonly #waitsFor: ReadonlyMap<T, ReadonlySet<string>>;
  readonly #byId: ReadonlyMap<string, T>;
  readonly #path: T[] = [];
  readonly #places = new Map<T, number>();
  /** Where on the way the post stood that was given away last. */
  #given = -1;

  constructor(waitsFor: ReadonlyMap<T, ReadonlySet<string>>, byId: ReadonlyMap<string, T>) {
    this.#waitsFor = waitsFor;
    this.#byId = byId;
  }

  /** How many posts it went to altogether. */
  steps = 0;

  /** @param start the same until it is placed. */
  smallestOfCycle(start: T): T {
    this.#forgetPlaced();
    if (this.#path.length === 0) this.#go(start);
    for (;;) {
      const next = this.#smallestBefore(this.#path.at(-1) ?? start);
      const met = this.#places.get(next);
      if (met === undefined) this.#go(next);
      else {
        const least = this.#path.slice(met).reduce((one, post) => (compare(post, one) < 0 ? post : one));
        this.#given = this.#places.get(least) ?? 0;
        return least;
      }
    }
  }

  #go(to: T): void {
    this.#places.set(to, this.#path.push(to) - 1);
    this.steps += 1;
  }

  /** Whoever was placed with the post that was given away waited for it, or for one that did: they stand in front of it without a gap. */
  #forgetPlaced(): void {
    let kept = this.#given;
    while (kept > 0 && !this.#waitsFor.has(this.#path[kept - 1] as T)) kept -= 1;
    if (kept >= 0) for (const post of this.#path.splice(kept)) this.#places.delete(post);
    this.#given = -1;
  }

  #smallestBefore(post: T): T {
    const before = [...(this.#waitsFor.get(post) ?? [])].flatMap((id) => this.#byId.get(id) ?? []);
    return before.reduce((least, one) => (compare(one, least) < 0 ? one : least), before[0] ?? post);
  }
}
