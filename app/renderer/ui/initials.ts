// The one or two letters that stand for a person.

/** A letter of ASCII that nothing is put on: a grapheme by itself, without the segmenter, which costs more than drawing it. */
const PLAIN = /^[ -~](?![\u0300-\u{10ffff}])/u;

/** First letters of the first and last word, by grapheme; '?' while the name has not arrived. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = letter(words[0]);
  if (first === '') return '?';
  return words.length > 1 ? first + letter(words.at(-1)) : first;
}

function letter(word: string | undefined): string {
  if (word === undefined) return '';
  if (PLAIN.test(word)) return word.charAt(0).toLocaleUpperCase();
  for (const { segment } of new Intl.Segmenter().segment(word)) return segment.toLocaleUpperCase();
  return '';
}
