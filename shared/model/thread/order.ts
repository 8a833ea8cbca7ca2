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
  for (const start of [...waitsFor.keys()].sort(compare)) {
    while (waitsFor.has(start)) {
      release(smallestOfCycle(start, waitsFor, byId));
      drain();
    }
  }
  return ordered;
}

/** Walks back along what each still waits for until it meets itself; the walk is the same whatever order posts came in. */
function smallestOfCycle<T extends Placed>(
  start: T,
  waitsFor: ReadonlyMap<T, ReadonlySet<string>>,
  byId: ReadonlyMap<string, T>,
): T {
  const path: T[] = [];
  const onPath = new Map<T, number>();
  let at = start;
  while (!onPath.has(at)) {
    onPath.set(at, path.length);
    path.push(at);
    const before = [...(waitsFor.get(at) ?? [])].flatMap((id) => byId.get(id) ?? []).sort(compare);
    at = before[0] ?? at;
  }
  return path.slice(onPath.get(at)).sort(compare)[0] ?? start;
}
