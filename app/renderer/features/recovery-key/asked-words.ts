// Testing a recovery key by three of its words: which are asked, and whether what was entered (three words, or all) fits. Pure.

/** Three different places of `length` words, in order, drawn with `random` (0 to below 1). */
export function drawPlaces(length: number, random: () => number): readonly number[] {
  const places: number[] = [];
  while (places.length < Math.min(3, length)) {
    const place = Math.floor(random() * length);
    if (!places.includes(place)) places.push(place);
  }
  return places.sort((a, b) => a - b);
}

export function splitWords(text: string): readonly string[] {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}

/** The place (counted from 0) of the first entered word that is not the one asked for, or null when all fit. */
export function firstWrong(
  words: readonly string[],
  places: readonly number[],
  entered: readonly string[],
): number | null {
  return places.find((place, at) => splitWords(entered[at] ?? '').join(' ') !== words[place]) ?? null;
}
