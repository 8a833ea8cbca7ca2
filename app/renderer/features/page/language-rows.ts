// The rows of a menu of languages for code. What choosing one does is the caller's.
import { grammarOf, NAMED_LANGUAGES } from '../../editor/code/languages.ts';

/** A row as ui/Menu.svelte takes it. */
interface Row {
  readonly label: string;
  readonly checked: boolean;
  readonly run: () => void;
}

/** Plain text, and the named languages by title; a language that nobody knows stands alone at the top. */
export function languageRows(present: string, choose: (language: string) => void): Row[][] {
  const grammar = grammarOf(present);
  const row = (name: string, label: string, checked: boolean): Row => ({
    label,
    checked,
    run: () => choose(name),
  });
  const foreign = grammar === null && present !== '' ? [row(present, present, true)] : [];
  return [
    foreign,
    [row('', 'Plain text', present === '')],
    NAMED_LANGUAGES.map(({ name, title }) => row(grammar === name ? present : name, title, grammar === name)),
  ];
}
