// A digest as Markdown, saying what the window says: for a file and the clipboard. Titles and words of others are text in it and nothing else.
import { dateOf } from '../../../shared/base/date-of.ts';
import { printMarkdown } from '../../../shared/model/markdown/print-markdown.ts';
import type { Marks, NewBlock } from '../../../shared/model/page/block.ts';
import { counted, digestDetail, digestSentence, passageWords, SECTION_WORDS } from '../../contract/digest-words.ts';
import type { Digest, DigestItem } from '../../contract/digest.ts';
import { pageAddress } from '../../contract/page-address.ts';
import { localDay, minuteInWords } from '../plain-date.ts';

interface Names {
  members(): readonly { readonly id: string; readonly name: string }[];
  spaces(): readonly { readonly id: string; readonly name: string }[];
}

type Run = { readonly type: 'text'; readonly text: string; readonly marks: Marks };

export function digestMarkdown(
  workspace: string,
  digest: Digest,
  names: Names,
): { readonly name: string; readonly markdown: string } {
  const members = new Map(names.members().map(({ id, name }) => [id, name]));
  const spaces = new Map(names.spaces().map(({ id, name }) => [id, name]));
  const nameOf = (member: string): string => members.get(member) || 'Somebody';
  const { span } = digest;
  const blocks: NewBlock[] = [heading(1, 'While you were away')];
  if (span) blocks.push(paragraph(`${minuteInWords(span.from)} to ${minuteInWords(span.to)}.`));
  for (const { member, ahead } of digest.clocks) {
    blocks.push(paragraph(`The clock of ${nameOf(member)} is ${minutes(ahead)} ahead.`));
  }
  if (digest.count === 0) blocks.push(paragraph('Nothing that is not done.'));
  for (const { name, items, count } of digest.sections) {
    blocks.push(heading(2, `${SECTION_WORDS[name]} (${String(count)})`));
    for (const item of items) blocks.push(...itemBlocks(workspace, item, nameOf, spaces.get(item.space) ?? ''));
  }
  const markdown = printMarkdown(blocks, { printLink: (url) => (url.startsWith('caravan:') ? url : null) });
  const day = span ? ` ${localDay(span.to)}` : '';
  return { name: `While you were away${day}.md`, markdown };
}

function itemBlocks(
  workspace: string,
  item: DigestItem,
  nameOf: (member: string) => string,
  space: string,
): readonly NewBlock[] {
  const { who, did, title, rest } = digestSentence(item, nameOf);
  const { board, card, block, post, comment } = item.place;
  const link = pageAddress(
    workspace,
    board ?? item.document,
    card ?? (comment === undefined ? (post ?? block) : undefined),
  );
  const at = dateOf(item.at);
  const time = item.at > 0 && !Number.isNaN(at.getTime()) ? minuteInWords(item.at) : '';
  const detail = digestDetail(item, nameOf);
  const content: Run[] = [
    ...(who === '' ? [] : [text(who, { bold: true }), text(` ${did} `)]),
    text(title, { link }),
    ...(rest === '' ? [] : [text(` ${rest}`)]),
    text(` (${[space, time].filter((part) => part !== '').join(', ')})`),
  ];
  const blocks: NewBlock[] = [{ type: 'text', kind: 'bullet', content }];
  if (detail !== '') blocks.push(under(text(detail)));
  const { difference } = item;
  for (const { kind, change, pieces } of difference?.passages ?? []) {
    if (pieces.length === 0) blocks.push(under(text(passageWords(kind, change))));
    else {
      blocks.push(
        under(
          ...pieces.map((piece) =>
            text(piece.text, piece.change === 'in' ? { bold: true } : piece.change === 'out' ? { strike: true } : {}),
          ),
        ),
      );
    }
  }
  if (difference && difference.more > 0) blocks.push(under(text(`and ${counted(difference.more, 'more passage')}`)));
  return blocks;
}

function under(...content: readonly Run[]): NewBlock {
  return { type: 'text', kind: 'bullet', indent: 1, content };
}

function heading(level: 1 | 2, words: string): NewBlock {
  return { type: 'text', kind: 'heading', level, content: [text(words)] };
}

function paragraph(words: string): NewBlock {
  return { type: 'text', kind: 'paragraph', content: [text(words)] };
}

function text(words: string, marks: Marks = {}): Run {
  return { type: 'text', text: words, marks };
}

/** "2 hours", "12 minutes". */
function minutes(ahead: number): string {
  const whole = Math.round(ahead / 60_000);
  return whole < 120 ? counted(whole, 'minute') : counted(Math.round(whole / 60), 'hour');
}
