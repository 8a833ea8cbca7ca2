// The longest common subsequence of two lists of keys: what a difference may leave alone. Pure.

/** Beyond this many pairs the middle counts as replaced: a table of them would cost more than it saves. */
const LIMIT = 4_000_000;

/** Pairs of indexes (in the first and in the second list) of items that stay, in rising order. */
export function commonItems(one: readonly string[], other: readonly string[]): (readonly [number, number])[] {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start += 1;
  let end = 0;
  const shorter = Math.min(one.length, other.length) - start;
  while (end < shorter && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  const head = Array.from({ length: start }, (_, index) => [index, index] as const);
  const tail = Array.from(
    { length: end },
    (_, index) => [one.length - end + index, other.length - end + index] as const,
  );
  const middle = between(one.slice(start, one.length - end), other.slice(start, other.length - end));
  return [...head, ...middle.map(([a, b]) => [a + start, b + start] as const), ...tail];
}

/** By the textbook table of lengths of common ends. */
function between(one: readonly string[], other: readonly string[]): (readonly [number, number])[] {
  if (one.length * other.length > LIMIT) return [];
  const width = other.length + 1;
  const lengths = new Uint32Array((one.length + 1) * width);
  const at = (a: number, b: number): number => lengths[a * width + b] ?? 0;
  for (let a = one.length - 1; a >= 0; a--) {
    for (let b = other.length - 1; b >= 0; b--) {
      lengths[a * width + b] = one[a] === other[b] ? at(a + 1, b + 1) + 1 : Math.max(at(a + 1, b), at(a, b + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let a = 0, b = 0; a < one.length && b < other.length;) {
    if (one[a] === other[b]) pairs.push([a++, b++]);
    else if (at(a + 1, b) >= at(a, b + 1)) a += 1;
    else b += 1;
  }
  return pairs;
}
