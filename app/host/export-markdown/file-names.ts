// File names out of titles that every desktop's file system takes, and that stay apart where case does not count. Pure.

/** Names that Windows keeps for devices, and those that mean a folder's own page. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|index|readme|_archive|_threads)$/i;
// eslint-disable-next-line no-control-regex -- control and direction characters are what this takes out
const UNSAFE = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*]+/g;
/** They would show the name in another order than it is written in. */
const DIRECTION = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** Bytes that a name may have on the file systems of Linux; room is left for a number and an ending. */
const BYTES = 200;

/** A name without an ending, at most `longest` characters; scripts of all directions are kept. */
export function fileName(title: string, longest: number): string {
  const plain = title
    .normalize('NFC')
    .replace(/[\ud800-\udfff]/gu, '')
    .replace(DIRECTION, '')
    .replace(UNSAFE, '-')
    .replace(/\s+/gu, ' ');
  const short = trimmed(shortened(trimmed(plain), longest));
  if (short === '') return 'Untitled';
  return RESERVED.test(short.replace(/\..*$/s, '')) ? `_${short}` : short;
}

/** The names of a folder, each with the number that the next of that name is tried with: thousands may have one title. */
export type TakenNames = Map<string, number>;

/** The name, or the name with a number, that no other in the folder has; `taken` is the folder's and takes it up. */
export function uniqueName(name: string, taken: TakenNames): string {
  const keyOf = (candidate: string): string => candidate.toUpperCase().toLowerCase().normalize('NFC');
  const own = keyOf(name);
  for (let number = taken.get(own) ?? 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    const key = keyOf(candidate);
    if (taken.has(key)) continue;
    taken.set(key, 2);
    taken.set(own, number + 1);
    return candidate;
  }
}

/** No dot in front (hidden), no dot or space behind (Windows drops them). */
function trimmed(name: string): string {
  return name.replace(/^[\s.]+|[\s.]+$/gu, '');
}

function shortened(name: string, longest: number): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const character of name) {
    bytes += new TextEncoder().encode(character).length;
    if (kept.length >= longest || bytes > BYTES) break;
    kept.push(character);
  }
  return kept.join('');
}
