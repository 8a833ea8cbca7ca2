// Reads a range of a damaged database row by row, past places where LevelDB's own iterator gives up; it judges no row.
import type { ClassicLevel } from 'classic-level';

type Level = ClassicLevel<string, Uint8Array>;

export interface KeySpan {
  readonly gte: string;
  readonly lt: string;
}

/**
 * Every row that LevelDB can still find, in order. An iterator that meets a damaged entry fails for the rest of its life, so a
 * new one is set down behind the place: the first key behind it is found by halving the space of keys.
 * @param onDamage is told of each such place.
 */
export async function* scanDamaged(
  level: Level,
  { gte, lt }: KeySpan,
  onDamage: (cause: unknown) => void = () => {},
): AsyncIterable<readonly [key: string, value: Uint8Array]> {
  let from: { readonly gte: string } | { readonly gt: string } = { gte };
  let last = gte;
  for (;;) {
    try {
      for await (const row of level.iterator({ ...from, lt })) {
        yield row;
        last = row[0];
        from = { gt: last };
      }
      return;
    } catch (cause) {
      onDamage(cause);
    }
    // What was read ahead of the damaged place went with the iterator: these come one at a time.
    for (
      let row = await rowFrom(level, { ...from, lt });
      row !== 'damaged';
      row = await rowFrom(level, { ...from, lt })
    ) {
      if (!row) return;
      yield row;
      last = row[0];
      from = { gt: last };
    }
    const next = await firstBehind(level, last, lt);
    if (next === null || next <= last) return;
    from = { gte: next };
  }
}

async function rowFrom(level: Level, range: object): Promise<readonly [string, Uint8Array] | 'damaged' | undefined> {
  try {
    return (await level.iterator({ ...range, limit: 1 }).all())[0];
  } catch {
    // Told as damage already, by the iterator that failed first.
    return 'damaged';
  }
}

/** Characters of a key that are told apart: more than any key of ours has. */
const LENGTH = 240;
const DIGIT = 7n;

/** The least key behind `last` from which reading works, or null. */
async function firstBehind(level: Level, last: string, lt: string): Promise<string | null> {
  let low = toNumber(last);
  let high = toNumber(lt);
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if ((await rowFrom(level, { gte: toKey(middle), lt })) === 'damaged') low = middle;
    else high = middle;
  }
  return high === toNumber(lt) ? null : toKey(high);
}

function toNumber(key: string): bigint {
  let number = 0n;
  for (let at = 0; at < LENGTH; at += 1) number = (number << DIGIT) | BigInt(Math.min(127, key.charCodeAt(at) || 0));
  return number;
}

function toKey(number: bigint): string {
  const codes: number[] = [];
  for (let left = number, at = 0; at < LENGTH; at += 1, left >>= DIGIT) codes.unshift(Number(left & 127n));
  while (codes.at(-1) === 0) codes.pop();
  return String.fromCharCode(...codes);
}
