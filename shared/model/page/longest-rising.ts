// The longest rising run among numbers, as the places of its members: what keeps its order when the rest is moved. No page.

/** Places in `numbers`, rising; of several runs of that length one. */
export function longestRising(numbers: readonly number[]): number[] {
  const before = new Array<number>(numbers.length).fill(-1);
  const ends: number[] = [];
  for (const [at, number] of numbers.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? -1] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    before[at] = ends[low - 1] ?? -1;
    ends[low] = at;
  }
  const found: number[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) found.push(at);
  return found.reverse();
}
