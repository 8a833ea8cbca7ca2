// What somebody writes, as the field shows it and as it is stored: people and pages by their names in the field, files beside it. Pure.
import { blobsInText, fileText } from '../../../shared/model/markdown/post-links.ts';

export interface WrittenFile {
  readonly blob: string;
  readonly name: string;
  readonly picture: boolean;
}

export interface WrittenText {
  /** As it stands in the field. */
  readonly text: string;
  /** What stands in the field for what is stored: `@Bo` for `[@Bo](member:...)`. */
  readonly names: ReadonlyMap<string, string>;
  /** They stand at the end, each a paragraph of its own. */
  readonly files: readonly WrittenFile[];
}

const ADDRESSED =
  /\[(@(?:[^\]\\\n]|\\.){1,200})\]\(member:[A-Za-z0-9_~.:-]{1,128}\)|\[\[((?:[^\]\\\n]|\\.){1,300})\]\]\(page:[^\s()]{1,300}\)/g;
const LAST_FILE = /(?:^|\n+)(!?)(\[(?:[^\]\\\n]|\\.){0,500}\]\(blob:[0-9a-f]{64}\))\s*$/;

/** A name that would stand for two people stays as it is stored. */
export function fieldOf(markdown: string): WrittenText {
  const files: WrittenFile[] = [];
  let rest = markdown;
  for (let last = LAST_FILE.exec(rest); last; last = LAST_FILE.exec(rest)) {
    const [file] = blobsInText(last[2] ?? '');
    if (!file) break;
    files.unshift({ ...file, picture: last[1] === '!' });
    rest = rest.slice(0, last.index);
  }
  const names = new Map<string, string>();
  const text = rest.replace(ADDRESSED, (stored: string, member: string | undefined, page: string | undefined) => {
    const shown = (member ?? `[[${page ?? ''}]]`).replace(/\\(.)/g, '$1');
    if ((names.get(shown) ?? stored) !== stored) return stored;
    names.set(shown, stored);
    return shown;
  });
  return { text, names, files };
}

export function markdownOf({ text, names, files }: WrittenText): string {
  const known = [...names.keys()].filter((shown) => text.includes(shown)).sort((a, b) => b.length - a.length);
  const stored =
    known.length === 0
      ? text
      : text.replace(new RegExp(`(?:${known.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'gu'), (shown, at: number) =>
          // Inside a link of one's own a name is words.
          text[at - 1] === '[' && shown.startsWith('@') ? shown : (names.get(shown) ?? shown),
        );
  return [
    stored.trim() === '' && files.length > 0 ? '' : stored,
    ...files.map((file) => fileText(file.blob, file.name, file.picture)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
