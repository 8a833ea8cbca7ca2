// The law of Markdown: what is read and printed reads the same again, and no word is lost; on random text and a real handbook.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutEmbeds } from '../../shared/model/markdown/embeds.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import { printMarkdown } from '../../shared/model/markdown/print-markdown.ts';
import { blockKey } from '../../shared/model/markdown/same-blocks.ts';
import { TEXT_KINDS, type NewBlock, type NewInline } from '../../shared/model/page/block.ts';

const HANDBOOK = join(import.meta.dirname, '../../../shared/data/handbook/pages');
const RUNS = process.env['CARAVAN_LONG'] ? 6_000 : 750;
const TIMEOUT = RUNS * 40;

/** Reads, prints, and reads again; both readings and both printings must be equal. */
function obeys(source: string, frontMatter = false): { blocks: readonly NewBlock[]; printed: string } {
  const { blocks } = parseMarkdown(source, { frontMatter });
  const printed = printMarkdown(blocks);
  const again = parseMarkdown(printed).blocks;
  expect(again.map(blockKey)).toEqual(blocks.map(blockKey));
  expect(printMarkdown(again)).toBe(printed);
  return { blocks, printed };
}

/** Everything that stands in blocks: their text, links and languages. */
function contentOf(blocks: readonly NewBlock[]): { text: string; links: string } {
  const contents = blocks.flatMap((block): (readonly NewInline[])[] => {
    if (block.type === 'text') return [block.content];
    return block.kind === 'table' ? (block.props?.table?.rows.flat() ?? []) : [];
  });
  const parts = contents.flatMap((content) => ['¶ ', ...withoutEmbeds(content), '\n']);
  const text = parts.map((part) => (typeof part === 'string' ? part : part.text)).join(' ');
  const links = parts.map((part, index) => {
    const link = typeof part === 'string' ? undefined : part.marks.link;
    const before = parts[index - 1];
    const isNew = typeof before === 'string' || before?.marks.link !== link;
    return link !== undefined && isNew ? link : '';
  });
  const languages = blocks.map((block) => (block.type === 'text' ? (block.language ?? '') : ''));
  return { text, links: `${links.join('\n')}\n${languages.join('\n')}` };
}

/** Words with their counts; list numbers and the names of character references are not words. */
function wordsOf(text: string): Map<string, number> {
  const words = new Map<string, number>();
  const bare = text.replace(/^[ \t>]*(?:[-*+][ \t]+){0,9}\d+[.)](?=\s)/gm, '').replace(/&#?\w+;/g, ' ');
  for (const [word] of bare.matchAll(/[\p{L}\p{N}]+/gu)) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}

/** With letters in the place of numeric character references: a letter beside a mark is sometimes printed as one. */
function decoded(printed: string): string {
  return printed.replace(/&#x([0-9A-F]+);/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16)));
}

function lost(source: string, printed: string): string[] {
  const kept = wordsOf(printed);
  return [...wordsOf(source)].filter(([word, count]) => (kept.get(word) ?? 0) < count).map(([word]) => word);
}

const PIECES = [
  ...['\n', '\n', '\n\n', '\n\n', ' ', '  ', '    ', '\t', '  \n', '\\\n', '\n  ', '\n    ', '\n   ', '\n\t'],
  ...[
    '*',
    '**',
    '***',
    '_',
    '__',
    '~',
    '~~',
    '`',
    '``',
    '```',
    '~~~',
    '\n```\n',
    '\n~~~js\n',
    '\n```caravan-poll\n',
    '\\',
    '&amp;',
    '&#10;',
    '&#32;',
  ],
  ...[
    '\n- ',
    '\n* ',
    '\n+ ',
    '\n1. ',
    '\n1) ',
    '\n7. ',
    '\n- [ ] ',
    '\n- [x] ',
    '\n  - ',
    '\n    - ',
    '\n   1. ',
    '- ',
    '-',
    '- - ',
  ],
  ...[
    '\n> ',
    '\n> > ',
    '\n> - ',
    '\n> [!NOTE]\n> ',
    '\n> [!TIP]\n> ',
    '>',
    '\n# ',
    '\n###### ',
    '#',
    '\n===\n',
    '\n---\n',
    '\n***\n',
  ],
  ...[
    '[',
    ']',
    '](',
    ')',
    '[a](b)',
    '[a](b "c")',
    '[a](./x.md#y)',
    '![',
    '![a](b)',
    '[[',
    ']]',
    '[[w]]',
    '[[w|v]]',
    '\n- ▸ ',
    '[2026-11-29](date:2026-11-29)',
    '[@a](member:b)',
    '[a](unsafe:Data:b)',
    '<javascript:b>',
    '![[w]]',
  ],
  ...[
    '[r]',
    '[r][]',
    '\n[r]: x\n',
    '[^1]',
    '\n[^1]: n\n',
    'https://a.b/c_d',
    'www.a.b',
    'a@b.c',
    '<http://a.b>',
    '<a',
    '<b>',
    '</b>',
  ],
  ...['<mark>', '</mark>', '<!-- -->', '\n<!-- -->\n', '\n<div>\n', '\n</div>\n', '<!-- ', ' -->', '<?', '\n<pre>\n'],
  ...[
    '|',
    '\n| a | b |\n|---|---|\n| c | d |\n',
    '\n|-|\n',
    '{% x_y %}',
    '{{ z }}',
    ':',
    '!',
    '.',
    ',',
    '(',
    '"',
    '$',
    '%',
  ],
  ...['\u00a0', 'ä', '汉字', 'עברית', '\u{1f600}', '\ud800', '\0', '\r', '\r\n', '\u2028', '\u200b'],
];

describe('[I1] the law of Markdown', { timeout: TIMEOUT }, () => {
  it('holds for random soups of Markdown, and every word stays exactly once', () => {
    const piece = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 2, arbitrary: fc.constant('word') },
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const source = pieces.map((part, index) => (part === 'word' ? `w${index}w` : part)).join('');
        const { blocks, printed } = obeys(source);
        // Words side by side (w1ww2w) are cut alike on both sides.
        const numbered = (text: string): string[] => (text.match(/w\d+w/g) ?? []).toSorted();
        expect(new Set(numbered(decoded(printed)))).toEqual(new Set(numbered(source)));
        const shown = numbered(contentOf(blocks).text);
        expect(shown).toEqual([...new Set(shown)]);
      }),
      { numRuns: RUNS },
    );
  });

  it('holds for any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void obeys(text)),
      { numRuns: RUNS },
    );
  });

  it('prints whatever an editor or a peer may have made without throwing, and keeps every word', () => {
    const mark = fc.record(
      {
        bold: fc.constant(true as const),
        italic: fc.constant(true as const),
        code: fc.constant(true as const),
        strike: fc.constant(true as const),
        highlight: fc.constant(true as const),
        link: fc.constantFrom('page:x#y', 'http://a.b', 'a b(c)', '', '\n', 'javascript:x', 'unsafe:data:,x'),
      },
      { requiredKeys: [] },
    );
    const text = fc.array(fc.constantFrom(...PIECES, 'word'), { maxLength: 5 });
    const content = fc.array(fc.tuple(text, mark), { maxLength: 4 });
    const block = fc.record({
      kind: fc.constantFrom(...TEXT_KINDS, 'divider' as const, 'table' as const),
      indent: fc.integer({ min: 0, max: 12 }),
      level: fc.integer({ min: 1, max: 6 }),
      checked: fc.boolean(),
      language: fc.constantFrom('', 'js', '`', 'a\nb'),
      content,
    });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (drafts) => {
        let number = 0;
        const blocks = drafts.map(({ kind, content, ...attributes }): NewBlock => {
          if (kind === 'divider') return { type: 'atom', kind, indent: attributes.indent };
          const runs = content.map(([parts, marks]) => ({
            type: 'text' as const,
            text: parts.map((part) => (part === 'word' ? `w${number++}w` : part)).join(''),
            marks,
          }));
          if (kind === 'table') {
            const columns = [{ align: attributes.checked ? ('right' as const) : null }, {}];
            const table = { header: attributes.checked, columns, rows: runs.map((run) => [[run], [run].slice(1)]) };
            return { type: 'atom', kind, indent: attributes.indent, props: { table } };
          }
          return { type: 'text', kind, ...attributes, content: runs };
        });
        const printed = printMarkdown(blocks);
        const words = (text: string): Set<string> => new Set(text.match(/w\d+w/g));
        expect(words(decoded(printed))).toEqual(words(contentOf(blocks).text));
        obeys(printed);
      }),
      { numRuns: RUNS / 5 },
    );
  });

  it('holds for files with front matter', () => {
    const yaml = fc.array(
      fc.constantFrom(
        'title: ',
        'a: ',
        'x',
        '"y"',
        '\n',
        '\n',
        '  - z',
        ': ',
        '#',
        '[',
        '{',
        '|',
        '>',
        '&t ',
        '*t',
        '---',
        "'",
      ),
      { maxLength: 15 },
    );
    fc.assert(
      fc.property(yaml, (parts) => {
        const source = `---\n${parts.join('')}\n---\nbody\n`;
        const { printed } = obeys(source, true);
        expect(printed).toContain('body');
      }),
      { numRuns: RUNS },
    );
  });

  it('holds for every page of a real handbook, and no word is lost', ({ skip }) => {
    skip(!existsSync(HANDBOOK), `NOT RUN: the law on real pages, because ${HANDBOOK} is not there.`);
    const files = readdirSync(HANDBOOK, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'));
    expect(files).toHaveLength(246);
    let total = 0;
    let unusual = 0;
    let tables = 0;
    for (const path of files) {
      const source = readFileSync(join(HANDBOOK, path), 'utf8');
      const parsed = parseMarkdown(source, { frontMatter: true });
      const { blocks, printed } = obeys(source, true);
      const { text, links } = contentOf(blocks);
      const all = [
        'title',
        parsed.title ?? '',
        parsed.frontMatter,
        printed.includes('[!NOTE]') && 'NOTE',
        text,
        links,
      ].join('\n');
      expect({ path, lost: lost(source.replace(/<br *\/?>/g, ' '), all) }).toEqual({ path, lost: [] });
      total += blocks.length;
      tables += blocks.filter(({ kind }) => kind === 'table').length;
      unusual += parsed.kept['unusual'] ?? 0;
    }
    expect(total).toBeGreaterThan(10_000);
    expect(unusual).toBeLessThan(5);
    // Of 42 the others hold pictures or HTML.
    expect(tables).toBeGreaterThan(30);
  }, 180_000);

  it.each<[string, string]>([
    ['5 MB of [', '['.repeat(5_000_000)],
    ['5 MB of *a', '*a'.repeat(2_500_000)],
    ['100,000 of [', '['.repeat(100_000)],
    ['links in links', '[a]('.repeat(30_000)],
    ['quotes 10,000 deep', `${'> '.repeat(10_000)}a`],
    ['bullets 10,000 deep', `${'- '.repeat(10_000)}a`],
    ['bullets nested by indent', Array.from({ length: 600 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n')],
    ['emphasis 5,000 deep', `${'*a **b '.repeat(5_000)}c${'** *'.repeat(5_000)}`],
    ['images in images', '!['.repeat(5_000) + 'a' + '](b)'.repeat(5_000)],
    ['brackets that close', '[ '.repeat(7_000) + ']'.repeat(7_000)],
    [
      'a table of a million cells',
      `${'|a'.repeat(1_000)}|\n${'|-'.repeat(1_000)}|\n${`${'|b'.repeat(1_000)}|\n`.repeat(1_000)}`,
    ],
    ['a million empty items', '-\n'.repeat(1_000_000)],
    ['deep YAML', `---\na: ${'['.repeat(50_000)}\n---\nb`],
    [
      'aliases in YAML',
      `---\na: &a [x,x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [*a,*a]\n`).join('')}---\nb`,
    ],
  ])('survives %s', (_name, source) => {
    const started = performance.now();
    const { blocks } = parseMarkdown(source, { frontMatter: true });
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(blocks.length).toBeGreaterThan(0);
    expect(lost(source, printMarkdown(blocks) + parseMarkdown(source, { frontMatter: true }).frontMatter)).toEqual([]);
  });
});
