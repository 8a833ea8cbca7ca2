// The one or two letters that stand for a person.

/** First letters of the first and last word, by grapheme; '?' while the name has not arrived. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letter = (word: string | undefined): string => {
    if (word === undefined) return '';
    for (const { segment } of new Intl.Segmenter().segment(word)) return segment.toLocaleUpperCase();
    return '';
  };
  const first = letter(words[0]);
  if (first === '') return '?';
  return words.length > 1 ? first + letter(words.at(-1)) : first;
}
