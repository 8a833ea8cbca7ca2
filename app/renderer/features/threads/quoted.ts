// The words of a post as a Markdown quote. Pure.

/** @param selected only this of it; '' for all. */
export function quoted(text: string, selected: string): string {
  return (selected.trim() || text.trim())
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}
