// The words of a post as a Markdown quote. It changes no post.
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

/** What is selected inside one element; '' for nothing, or more than that. */
export function selectedIn(element: Element | null): string {
  const selection = document.getSelection();
  if (!selection || !element?.contains(selection.anchorNode) || !element.contains(selection.focusNode)) return '';
  return selection.toString();
}
