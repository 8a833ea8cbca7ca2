// The words of a post as a Markdown quote. Pure.
import { fieldOf, markdownOf } from '../../ui/written-text.ts';

/** What is selected of it, else all but its files, which stay where they are. */
export function quoted(text: string, selected: string): string {
  const { files, ...words } = fieldOf(text);
  const said = markdownOf({ ...words, files: [] }).trim() || files.map(({ name }) => name || 'File').join(', ');
  return (selected.trim() || said)
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}
