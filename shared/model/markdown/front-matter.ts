// Front matter: the page's title is taken out of the YAML, everything else stays letter by letter.
import { isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import { asAliases } from '../document/aliases.ts';

export interface FrontMatter {
  /** The title as text, or null where there is none. */
  readonly title: string | null;
  /** The YAML without the title, verbatim, without the last line break. */
  readonly rest: string;
  /** What follows the closing line. */
  readonly body: string;
}

const FENCED = /^---[ \t]*\n([\s\S]*?\n)??---[ \t]*(?:\n|$)/;
const KEY_LINE = /^[\w-]+[ \t]*:(?:\s|$)/m;
/** YAML beyond this is kept and searched for a title line only. */
export const YAML_LIMIT = 64 * 1024;

/** Splits text whose line ends are '\n'. A leading rule that does not enclose YAML is left to the body. */
export function splitFrontMatter(text: string): FrontMatter {
  const fenced = FENCED.exec(text);
  const none: FrontMatter = { title: null, rest: '', body: text };
  if (!fenced) return none;
  const yaml = fenced[1] ?? '';
  const body = text.slice(fenced[0].length);
  if (yaml.trim() === '') return { title: null, rest: '', body };
  const taken = takeTitle(yaml);
  return taken ? { ...taken, body } : none;
}

/**
 * Text with front matter in front of it. `lines` are further whole lines of YAML behind the title. YAML that would end the
 * front matter too early is kept as a code block.
 */
export function joinFrontMatter(title: string, rest: string, body: string, lines: readonly string[] = []): string {
  const kept = rest.trim() === '' ? '' : `${rest.replace(/\n+$/, '')}\n`;
  const fits = !/^---[ \t]*$/m.test(kept);
  const titleLine = `title: ${stringify(title.replace(/[\r\n]+/g, ' '), { lineWidth: 0 })}`;
  const front = ['---\n', titleLine, ...lines.map((line) => `${line}\n`), fits ? kept : '', '---\n'].join('');
  return `${front}${fits ? '' : `\n~~~~yaml\n${kept}~~~~\n`}${body === '' ? '' : `\n${body}`}`;
}

/** Other names of a page, as note programs write them: `aliases` (or `alias`) is a list, or one name. */
export function readFrontMatterAliases(yaml: string): readonly string[] {
  if (!/^["']?alias(?:es)?["']?[ \t]*:/im.test(yaml) || yaml.length > YAML_LIMIT) return [];
  const document = parseDocument(yaml, { logLevel: 'silent' });
  if (document.errors.length > 0 || !isMap(document.contents)) return [];
  const found: string[] = [];
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key) || !/^alias(?:es)?$/i.test(String(key.value))) continue;
    const items: readonly unknown[] = isSeq(value) ? value.items : [value];
    for (const item of items) if (isScalar(item) && typeof item.value === 'string') found.push(item.value);
  }
  return asAliases(found);
}

function takeTitle(yaml: string): { title: string | null; rest: string } | null {
  if (yaml.length <= YAML_LIMIT) {
    const document = parseDocument(yaml, { uniqueKeys: true, logLevel: 'silent' });
    if (document.errors.length === 0 && isMap(document.contents) && !document.contents.flow) {
      const pair = document.contents.items.find((item) => isScalar(item.key) && item.key.value === 'title');
      if (!pair) return { title: null, rest: withoutLastBreak(yaml) };
      const { key, value } = pair;
      if (isScalar(key) && key.range && isScalar(value) && value.range && !value.anchor && !value.tag) {
        const rest = cutLines(yaml, key.range[0], value.range[1]);
        return { title: titleText(value.value), rest: withoutLastBreak(rest) };
      }
    }
  }
  return KEY_LINE.test(yaml) || /^title:/m.test(yaml) ? takeTitleLine(yaml) : null;
}

/** For YAML that does not parse (people write `title: a: b`): the first line that begins with `title:`, read as text. */
function takeTitleLine(yaml: string): { title: string | null; rest: string } {
  const line = /^title[ \t]*:[ \t]*(.*)$/m.exec(yaml);
  if (!line) return { title: null, rest: withoutLastBreak(yaml) };
  const rest = cutLines(yaml, line.index, line.index + line[0].length);
  return { title: titleText(scalarText(line[1] ?? '')), rest: withoutLastBreak(rest) };
}

function scalarText(text: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent' });
  return document.errors.length === 0 && isScalar(document.contents) ? document.contents.value : text;
}

/** An empty text is a title too: a page whose people gave it none. */
function titleText(value: unknown): string | null {
  if (value === null || value === undefined || typeof value === 'object') return null;
  return String(value)
    .replace(/[\r\n]+$/, '')
    .replace(/[\r\n]+/g, ' ');
}

/** Cuts [start, end), and its line too when nothing but white space is left of it. */
export function cutLines(text: string, start: number, end: number): string {
  const lineEnd = text.indexOf('\n', end) < 0 ? text.length : text.indexOf('\n', end) + 1;
  const endsLine = text.charAt(end - 1) === '\n';
  const tail = endsLine ? end : text.slice(end, lineEnd).trim() === '' ? lineEnd : end;
  const cut = text.slice(0, start) + text.slice(tail).replace(/^[ \t]+(?=#)/, '');
  return cut;
}

function withoutLastBreak(text: string): string {
  return text.replace(/\n$/, '');
}
