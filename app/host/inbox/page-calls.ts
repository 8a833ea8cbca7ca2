// What the words of a page, or of a card's description, say to one member: who mentions them, block by block. Total on anything a peer wrote; it writes nothing.
import * as Y from 'yjs';
import { isDocumentId, readTime } from '../../../shared/model/document/meta.ts';
import { bodyOf, metaOf } from '../../../shared/model/document/roots.ts';
import { lineAround, type LinePart } from '../../../shared/model/links/references.ts';
import type { Block, Inline } from '../../../shared/model/page/block.ts';
import { isMarker } from '../../../shared/model/page/marker.ts';
import { readBlocks } from '../../../shared/model/page/read.ts';
import { shortLine } from '../../../shared/model/properties/tag.ts';
import { LONGEST_INBOX_EXCERPT } from '../../contract/inbox.ts';
import type { Call } from './call-row.ts';
import { MOST_CALLS } from './call-row.ts';

export interface Asking {
  readonly me: string;
  /** As it is called now; ''. */
  readonly nameOf: (member: string) => string;
}

interface Mention {
  readonly item: Y.Item;
  readonly block: string;
  readonly by: string | null;
  readonly at: number;
}

/** @param document the page's id, or the card's. @param createdAt stands for the time of a mention that has none. */
export function mentionsInBody(
  doc: Y.Doc,
  document: string,
  createdAt: number,
  { me, nameOf }: Asking,
): readonly Call[] {
  const isImported = metaOf(doc).has('source');
  const mentions = [...mentionsOf(bodyOf(doc), me)].filter(({ by, at }) => {
    // What was imported or copied was said elsewhere.
    const isOlder = by === null ? isImported : at > 0 && at < createdAt;
    return by !== me && !isOlder;
  });
  if (mentions.length === 0) return [];
  mentions.sort((a, b) => b.at - a.at || a.item.id.client - b.item.id.client || a.item.id.clock - b.item.id.clock);
  const newest = mentions.slice(0, MOST_CALLS);
  const lines = linesOf(readBlocks(bodyOf(doc)), new Set(newest.map(({ block }) => block)), me);
  return newest.map(({ item, block, by, at }) => ({
    reason: 'mention',
    thing: `mention:${document}`,
    many: true,
    item: [item.id.client, item.id.clock],
    post: null,
    place: block === '' ? {} : { block },
    by,
    at: at === 0 ? createdAt : at,
    excerpt: textOf(lines.get(block) ?? [], nameOf),
  }));
}

/** By block the line around the first mention in it: one a block, however many there are. */
function linesOf(
  blocks: readonly Block[],
  wanted: ReadonlySet<string>,
  me: string,
): ReadonlyMap<string, readonly LinePart[]> {
  const lines = new Map<string, readonly LinePart[]>();
  for (const block of blocks) {
    if (!wanted.has(block.id)) continue;
    const cells = block.type === 'atom' && block.kind === 'table' ? (block.props.table?.rows.flat() ?? []) : [];
    for (const content of block.type === 'text' ? [block.content] : cells) {
      const at = placeIn(content, me);
      if (at === null) continue;
      lines.set(block.id, lineAround(content, at, at + 1));
      break;
    }
  }
  return lines;
}

function placeIn(content: readonly Inline[], me: string): number | null {
  let at = 0;
  for (const inline of content) {
    if (inline.type === 'mention' && inline.member === me) return at;
    at += inline.type === 'text' ? inline.text.length : 1;
  }
  return null;
}

function textOf(line: readonly LinePart[], nameOf: (member: string) => string): string {
  const words = line.map((part) => {
    if (part.type === 'text') return part.text;
    return part.type === 'mention' ? `@${nameOf(part.member)}` : part.type === 'date' ? part.date : '…';
  });
  return shortLine(words.join(''), LONGEST_INBOX_EXCERPT);
}

/** Through the text and the cells of its tables, without recursion: what is nested deep is a peer's choice. */
function* mentionsOf(body: Y.Text, me: string): Iterable<Mention> {
  let block = '';
  for (let item = body._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const found = mentionIn(item, me);
    if (found) yield { item, block, ...found };
    if (!(item.content instanceof Y.ContentType) || !isMarker(item.content.type)) continue;
    const marker = item.content.type as Y.Map<unknown>;
    const id = marker.get('id');
    block = typeof id === 'string' && id.length <= 200 ? id : '';
    const cells = marker.get('cells');
    if (!(cells instanceof Y.Map)) continue;
    for (const cell of (cells as Y.Map<unknown>).values()) {
      if (!(cell instanceof Y.Text)) continue;
      for (let inside = cell._start; inside !== null; inside = inside.right) {
        const inCell = inside.deleted ? null : mentionIn(inside, me);
        if (inCell) yield { item: inside, block, ...inCell };
      }
    }
  }
}

function mentionIn({ content }: Y.Item, me: string): Pick<Mention, 'by' | 'at'> | null {
  if (!(content instanceof Y.ContentEmbed)) return null;
  const embed: unknown = content.embed;
  if (typeof embed !== 'object' || embed === null) return null;
  const { type, member, by, at } = embed as Readonly<Record<string, unknown>>;
  if (type !== 'mention' || member !== me) return null;
  return { by: isDocumentId(by) ? by : null, at: readTime(at) ?? 0 };
}
