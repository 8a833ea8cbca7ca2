// Shows that Markdown becomes the blocks that a reader expects, and what is kept raw and why.
import { describe, expect, it } from 'vitest';
import type { NewAtom, NewBlock, NewInline } from '../page/block.ts';
import { withoutEmbeds } from './embeds.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { printMarkdown } from './print-markdown.ts';
import { blockKey } from './same-blocks.ts';

/** One line a block: `kind@indent[:attribute] text`, marks in brackets. */
function outline(blocks: readonly NewBlock[]): string[] {
  return blocks.map((block) => {
    if (block.type === 'atom') return `${block.kind}@${block.indent ?? 0}${tableOutline(block)}`;
    const attribute =
      block.kind === 'heading'
        ? `:${block.level}`
        : block.kind === 'check'
          ? `:${block.checked ? 'x' : 'o'}`
          : block.kind === 'code'
            ? `:${block.language}`
            : '';
    const text = inlineOutline(block.content);
    return `${block.kind}@${block.indent ?? 0}${attribute} ${text}`.trimEnd();
  });
}

function inlineOutline(content: readonly NewInline[]): string {
  return withoutEmbeds(content)
    .map((run) => {
      const marks = Object.entries(run.marks).map(([mark, value]) => (value === true ? mark : `${mark}=${value}`));
      return marks.length > 0 ? `<${marks.join(' ')}|${run.text}>` : run.text;
    })
    .join('');
}

/** A table as `[alignments] cell/cell // cell/cell`; a box to tick is `□` or `■`. */
function tableOutline(block: NewAtom): string {
  const table = block.kind === 'table' ? block.props?.table : null;
  if (!table) return '';
  const cell = (content: readonly NewInline[]): string =>
    content.map((one) => (one.type === 'check' ? (one.checked ? '■' : '□') : inlineOutline([one]))).join('');
  const rows = table.rows.map((cells) => cells.map(cell).join('/'));
  const columns = table.columns.map(({ align }) => align?.charAt(0) ?? '-').join('');
  return ` ${table.header ? 'head ' : ''}[${columns}] ${rows.join(' // ')}`;
}

function read(text: string): string[] {
  const { blocks } = parseMarkdown(text);
  const printed = printMarkdown(blocks);
  expect(parseMarkdown(printed).blocks.map(blockKey)).toEqual(blocks.map(blockKey));
  expect(printMarkdown(parseMarkdown(printed).blocks)).toBe(printed);
  return outline(blocks);
}

describe('[I1] reading Markdown', () => {
  it.each<[string, string, string[]]>([
    ['paragraphs and soft breaks', 'a\nb\n\nc', ['paragraph@0 a b', 'paragraph@0 c']],
    ['hard breaks', 'a  \nb\\\nc', ['paragraph@0 a\nb\nc']],
    ['headings', '# a\n\nb\n=\n\n###### c #', ['heading@0:1 a', 'heading@0:1 b', 'heading@0:6 c']],
    ['marks', '**a** *b* `c` ~~d~~', ['paragraph@0 <bold|a> <italic|b> <code|c> <strike|d>']],
    [
      'nested marks',
      '**a *b* [c *d*](http://x.y)**',
      ['paragraph@0 <bold|a ><bold italic|b><bold| ><bold link=http://x.y|c ><bold link=http://x.y italic|d>'],
    ],
    ['highlight', 'a <mark>b **c**</mark>', ['paragraph@0 a <highlight|b ><highlight bold|c>']],
    ['bare addresses', 'https://x.y/a_b', ['paragraph@0 <link=https://x.y/a_b|https://x.y/a_b>']],
    ['bullets', '- a\n  - b\n    - c\n- d', ['bullet@0 a', 'bullet@1 b', 'bullet@2 c', 'bullet@0 d']],
    ['numbers', '1. a\n   1. b\n2. c', ['ordered@0 a', 'ordered@1 b', 'ordered@0 c']],
    ['checks', '- [ ] a\n- [x] b\n  - c', ['check@0:o a', 'check@0:x b', 'bullet@1 c']],
    [
      'items of several parts',
      '- a\n\n  b\n\n  ```js\n  c\n  ```\n- d',
      ['bullet@0 a', 'paragraph@1 b', 'code@1:js c', 'bullet@0 d'],
    ],
    ['items that begin with code', '- ```\n  a\n  ```', ['bullet@0', 'code@1: a']],
    ['empty items', '-\n- a\n-', ['bullet@0', 'bullet@0 a', 'bullet@0']],
    ['two lists', '- a\n\n* b', ['bullet@0 a', 'bullet@0 b']],
    ['quotes', '> a\n> b\n>\n> c', ['quote@0 a b', 'quote@0 c']],
    ['callouts', '> [!NOTE]\n> a **b**\n>\n> - c', ['callout@0 a <bold|b>', 'bullet@1 c']],
    ['code', '~~~ts\na\n\n  b\n~~~', ['code@0:ts a\n\n  b']],
    ['indented code', '    a\n     b', ['code@0: a\n b']],
    ['dividers', 'a\n\n---\n\n- a\n\n* * *', ['paragraph@0 a', 'divider@0', 'bullet@0 a', 'divider@0']],
    ['template calls', '{% include x_y.html %} {{ site.a }}', ['paragraph@0 {% include x_y.html %} {{ site.a }}']],
    ['empty paragraphs', 'a\n\n<!-- -->\n\nb', ['paragraph@0 a', 'paragraph@0', 'paragraph@0 b']],
    ['escapes', '\\*a\\* &lt; \\[[b]]', ['paragraph@0 *a* < [[b]]']],
  ])('reads %s', (_name, source, expected) => {
    expect(read(source)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['image', '| a | b |\n|---|:-:|\n| c | ![d](e.png) |'],
    ['table', '| a |\n|---|\n| b | c |'],
    ['image', 'text ![a](b.png) more'],
    ['html', '<div class="x">\n  <b>a</b>\n</div>'],
    ['html', 'a <b>b</b>'],
    ['footnote', 'a[^1]'],
    ['link title', '[a](b "c")'],
    ['quote', '> a\n> > b'],
    ['quote', '> - a'],
    ['callout', '> [!WARNING]\n> a'],
    ['numbering', '3. a\n4. b'],
    ['embed', 'see ![[picture.png]] here'],
    ['code', '~~~ a`b\nc\n~~~'],
  ])('keeps a %s letter by letter', (reason, source) => {
    const definition = reason === 'footnote' ? '\n\n[^1]: b' : '';
    const { blocks, kept } = parseMarkdown(`before\n\n${source}\n\nafter${definition}`);
    expect(kept[reason]).toBe(reason === 'footnote' ? 2 : 1);
    const raw = blocks.filter((block) => block.kind === 'raw');
    expect(
      raw[0]?.type === 'text' &&
        withoutEmbeds(raw[0].content)
          .map((run) => run.text)
          .join(''),
    ).toBe(source);
    expect(printMarkdown(blocks)).toContain(source);
  });

  it('keeps what stands in a list item raw without the indent, and prints it back into the item', () => {
    const source = '- a\n\n  | b | c |\n  |---|---|\n  | d | e |\n- ![f](g)';
    expect(read(source)).toEqual(['bullet@0 a', 'table@1 head [--] b/c // d/e', 'bullet@0', 'raw@1 ![f](g)']);
    expect(printMarkdown(parseMarkdown(source).blocks)).toBe(
      '- a\n\n  | b | c |\n  | - | - |\n  | d | e |\n\n- ![f](g)\n',
    );
  });

  it('takes the title out of the front matter and keeps the rest verbatim', () => {
    const text = "---\n# c\ntitle: 'A: b'\nlist:\n  - x   # y\n---\n\nbody";
    const parsed = parseMarkdown(text, { frontMatter: true });
    expect(parsed).toMatchObject({ title: 'A: b', frontMatter: '# c\nlist:\n  - x   # y' });
    expect(outline(parsed.blocks)).toEqual(['paragraph@0 body']);
    expect(parseMarkdown('---\ntitle: a: b\nx: [\n---\n', { frontMatter: true })).toMatchObject({
      title: 'a: b',
      frontMatter: 'x: [',
    });
    expect(parseMarkdown('---\n\ntext\n\n---\n', { frontMatter: true }).blocks).toHaveLength(3);
  });

  it('asks for relative links and wikilinks, in raw blocks too, and leaves what does not resolve', () => {
    const asked: string[] = [];
    const { blocks, links } = parseMarkdown(
      '[a](./x%20y.md#z) [b](http://q) [c](#d) [[W|shown]] [[none]] \\[[no]]\n\n| [e](x.md) |\n|---|\n\n[r]: x.md',
      {
        resolveLink: (link) => {
          asked.push(`${link.kind} ${link.target}#${link.anchor}`);
          return link.target === 'none' ? null : `page:1${link.anchor && `#${link.anchor}`}`;
        },
      },
    );
    expect(asked).toEqual(['relative ./x y.md#z', 'wiki W#', 'wiki none#', 'relative x.md#', 'relative x.md#']);
    expect(links).toHaveLength(5);
    expect(outline(blocks)).toEqual([
      'paragraph@0 <link=page:1#z|a> <link=http://q|b> <link=#d|c> <link=page:1|shown> [[none]] [[no]]',
      'table@0 head [-] <link=page:1|e>',
      'raw@0 [r]: page:1',
    ]);
    const back = printMarkdown(blocks, { printLink: (url) => (url.startsWith('page:1') ? 'x.md' : null) });
    expect(back).toContain('[a](x.md) [b](http://q) [c](#d) [shown](x.md) [[none]]');
    expect(back).toContain('| [e](x.md) |');
    expect(back).toContain('[r]: x.md');
  });

  it.each<[string, string, string]>([
    ['alignments', '|a|b|c|d|\n|-|:-|:-:|-:|\n|1|2|3|4|', 'head [-lcr] a/b/c/d // 1/2/3/4'],
    [
      'marks and links',
      '| **a** `b` |\n|-|\n| [c *d*](http://x.y) ~~e~~ |',
      'head [-] <bold|a> <code|b> // <link=http://x.y|c ><link=http://x.y italic|d> <strike|e>',
    ],
    ['escaped pipes, in code too', '| a \\| b |\n|-|\n| `c \\| d` |', 'head [-] a | b // <code|c | d>'],
    ['line breaks', '| a<br>b<br/>**c<br>d** |\n|-|', 'head [-] a\nb\n<bold|c\nd>'],
    ['boxes to tick, and letters that look like them', '| [ ] a [x] | \\[x] b |\n|-|-|', 'head [--] □ a ■/[x] b'],
    ['a head without words as none', '| | |\n|-|-|\n| a | b |', '[--] a/b'],
    ['rows that are short', '| a | b |\n|-|-|\n| c |', 'head [--] a/b // c/'],
    [
      'days and people',
      '| [2026-01-02](date:2026-01-02) [@A](member:m) |\n|-|',
      'head [-] <link=date:2026-01-02|2026-01-02> <link=member:m|@m>',
    ],
    ['highlight and words of other scripts', '| <mark>表</mark> | مرحبا |\n|-|-|', 'head [--] <highlight|表>/مرحبا'],
  ])('[W11] reads tables: %s', (_name, source, expected) => {
    expect(read(source)).toEqual([`table@0 ${expected}`]);
  });

  it('[W11] prints a table that Markdown cannot say in full without losing a word', () => {
    const cell = (text: string): NewInline[] => [{ type: 'text', text, marks: {} }];
    const printed = printMarkdown([
      {
        type: 'atom',
        kind: 'table',
        props: { table: { header: false, columns: [{ width: 300 }], rows: [[cell('a\n')], [cell('(b')]] } },
      },
    ]);
    expect(printed).toBe('| |\n| - |\n| a<br> |\n| (b |\n');
  });

  it('writes an address that would run in another program so that it does not, and reads back what it was', () => {
    const links = [
      'javascript:a',
      ' java\tScript:a',
      'data:text/html,a',
      'unsafe:VBscript:a',
      'unsafe:a',
      'http://a.b',
    ];
    const content = links.map((link) => ({ type: 'text', text: link.trim(), marks: { link } }) as const);
    const printed = printMarkdown(content.map((one) => ({ type: 'text', kind: 'paragraph', content: [one] })));
    expect(printed).not.toMatch(/\(<?\s*(java|data|vb)|<(java|data|vb)/i);
    const { blocks } = parseMarkdown(printed);
    expect(blocks.map((block) => block.type === 'text' && block.content)).toEqual(
      content.map(({ marks }) => [expect.objectContaining({ marks })]),
    );
  });

  it('prints template calls, wikilinks and underscores inside words as they were', () => {
    const source = '{% slack_channel "a_b" %} [[my page|x]] snake_case_word\n';
    expect(printMarkdown(parseMarkdown(source).blocks)).toBe(source);
  });

  it('[PG11] [PG12] writes toggles and inline things so that they read back as what they are', () => {
    const blocks: NewBlock[] = [
      { type: 'text', kind: 'toggle', content: [{ type: 'text', text: 'More', marks: { bold: true } }] },
      { type: 'text', kind: 'toggle', indent: 1, content: [] },
      {
        type: 'text',
        kind: 'paragraph',
        content: [
          { type: 'mention', member: 'm1' },
          { type: 'text', text: ' by ', marks: {} },
          { type: 'date', date: '2026-11-29' },
        ],
      },
    ];
    const printed = printMarkdown(blocks, { memberName: () => 'Ana *K*' });
    expect(printed).toBe('- ▸ **More**\n\n  - ▸\n\n[@Ana \\*K\\*](member:m1) by [2026-11-29](date:2026-11-29)\n');
    expect(parseMarkdown(printed).blocks.map(blockKey)).toEqual(blocks.map(blockKey));
    const page: NewBlock = { type: 'text', kind: 'paragraph', content: [{ type: 'page', page: 'p1', block: 'b' }] };
    expect(printMarkdown([page], { pageTitle: () => 'Plan' })).toBe('[Plan](page:p1#b)\n');
    expect(outline(parseMarkdown('[a day](date:2026-11-29) [Ana](member:m1)').blocks)).toEqual([
      'paragraph@0 <link=date:2026-11-29|a day> <link=member:m1|Ana>',
    ]);
  });
});
