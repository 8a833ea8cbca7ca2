// What came to a page with a landing, as words added and removed and as passages with what stands around them; bounded. It reads two documents and writes nothing.
import type * as Y from 'yjs';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import type { Block, Inline, TextRun } from '../../../shared/model/page/block.ts';
import { blockText, readBlocks } from '../../../shared/model/page/read.ts';
import { compareVersions, type VersionBlock, type VersionPiece } from '../../../shared/model/page/compare-versions.ts';
import type { DigestDifference, DigestPassage } from '../../contract/digest.ts';
import type { LandedRanges } from './landed-ranges.ts';

/** What inline things are called. */
export interface PieceNames {
  member(id: string): string;
  page(id: string): string;
}

export const MOST_PASSAGES = 6;
/** Code units of one passage, and of what stays on each side of a change. */
const LONGEST_PASSAGE = 400;
const AROUND = 60;
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+/gu;

type Piece = DigestPassage['pieces'][number];

/** Of a page of which more came, or went, words are counted and no passages made: comparing those would hold up everything else. */
const MOST_COMPARED = 40_000;

/** `before`: as it was here when the landing began. What was written here meanwhile is told as there already. */
export function pageDifference(before: Y.Doc, after: Y.Doc, ranges: LandedRanges, names: PieceNames): DigestDifference {
  const [was, is] = [bodyOf(before).length, bodyOf(after).length];
  if (was === 0) return freshPage(after, names);
  if (ranges.length > MOST_COMPARED || Math.abs(is - was) > MOST_COMPARED) return wordsAlone(before, after);
  const { came } = ranges;
  const blocks = compareVersions(before, after, {
    brought: (client, clock) => (came(client, clock) ? 1 : 0),
    deleted: () => 1,
    otherwise: 1,
  });
  let [added, removed, more] = [0, 0, 0];
  const passages: DigestPassage[] = [];
  for (const block of blocks) {
    const whole = wholeBlock(block);
    const pieces = joined(
      block.pieces.map((piece) => ({ text: textOf(piece, names), change: changeOf(piece, whole) })),
    );
    for (const { text, change } of pieces) {
      const words = change === 'same' ? 0 : (text.match(WORD)?.length ?? 0);
      if (change === 'in') added += words;
      else removed += words;
    }
    const told = pieces.some(({ change }) => change !== 'same');
    const silent = !told && (whole || (block.change === 'changed' && block.type !== 'text' && block.by === 1));
    // An empty line that came says nothing.
    if (!told && (!silent || (block.type === 'text' && pieces.every(({ text }) => text === '')))) continue;
    if (passages.length >= MOST_PASSAGES) {
      more += 1;
      continue;
    }
    const change = block.change === 'in' || block.change === 'out' ? block.change : ('changed' as const);
    passages.push({ block: block.id, kind: block.kind, change, pieces: told ? shortened(pieces) : [] });
  }
  return { added, removed, passages, more, fresh: false };
}

/** What was not here before: how it begins. */
function freshPage(page: Y.Doc, names: PieceNames): DigestDifference {
  const texts = readBlocks(bodyOf(page)).map((block) => ({ block, text: wordsOf(block, names) }));
  const written = texts.filter(({ text }) => text.trim() !== '');
  return {
    added: texts.reduce((sum, { text }) => sum + (text.match(WORD)?.length ?? 0), 0),
    removed: 0,
    passages: written.slice(0, MOST_PASSAGES).map(({ block: { id, kind }, text }) => ({
      block: id,
      kind,
      change: 'in',
      pieces: [{ text: begun(text, LONGEST_PASSAGE), change: 'in' }],
    })),
    more: Math.max(0, written.length - MOST_PASSAGES),
    fresh: true,
  };
}

function wordsOf(block: Block, names: PieceNames): string {
  if (block.type !== 'text') return blockText(block);
  return block.content.map((one) => (one.type === 'text' ? one.text : thingText(one, names))).join('');
}

/** Without regard to where they stand. */
function wordsAlone(before: Y.Doc, after: Y.Doc): DigestDifference {
  const counts = new Map<string, number>();
  for (const [doc, by] of [[before, -1] as const, [after, 1] as const]) {
    for (const block of readBlocks(bodyOf(doc))) {
      for (const word of blockText(block).match(WORD) ?? []) counts.set(word, (counts.get(word) ?? 0) + by);
    }
  }
  let [added, removed] = [0, 0];
  for (const count of counts.values()) {
    if (count > 0) added += count;
    else removed -= count;
  }
  return { added, removed, passages: [], more: 0, fresh: false };
}

/** What of one page came with two landings. */
export function bothDifferences(
  first: DigestDifference | null,
  second: DigestDifference | null,
): DigestDifference | null {
  if (!first || !second) return first ?? second;
  const passages = [...second.passages, ...first.passages];
  return {
    added: first.added + second.added,
    removed: first.removed + second.removed,
    passages: passages.slice(0, MOST_PASSAGES),
    more: first.more + second.more + Math.max(0, passages.length - MOST_PASSAGES),
    fresh: first.fresh,
  };
}

function wholeBlock({ change, by }: VersionBlock): boolean {
  return (change === 'in' || change === 'out') && by === 1;
}

function changeOf({ change, by }: VersionPiece, whole: boolean): Piece['change'] {
  if (change !== 'in' && change !== 'out') return 'same';
  return by === 1 || (whole && by < 0) ? change : 'same';
}

function textOf({ text, thing }: VersionPiece, names: PieceNames): string {
  return thing ? thingText(thing, names) : text;
}

function thingText(thing: Exclude<Inline, TextRun>, names: PieceNames): string {
  if (thing.type === 'mention') return `@${names.member(thing.member)}`;
  if (thing.type === 'page') return names.page(thing.page);
  return thing.type === 'date' ? thing.date : '';
}

function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (piece.text === '') continue;
    if (last?.change === piece.change) found[found.length - 1] = { ...last, text: last.text + piece.text };
    else found.push(piece);
  }
  return found;
}

/** Of what stayed the ends beside a change; of a long change its beginning. */
function shortened(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  let left = LONGEST_PASSAGE;
  for (const [at, { text, change }] of pieces.entries()) {
    if (left <= 0) {
      found.push({ text: '…', change: 'same' });
      break;
    }
    const kept = change === 'same' ? around(text, at > 0, at < pieces.length - 1) : begun(text, left);
    left -= kept.length;
    found.push({ text: kept, change });
  }
  return found;
}

function around(text: string, behind: boolean, ahead: boolean): string {
  const start = behind ? begun(text, AROUND) : '';
  if (!ahead) return start;
  if (text.length <= (behind ? 2 * AROUND : AROUND)) return text;
  const end = text.slice(-AROUND).replace(/^[\uDC00-\uDFFF]/, '');
  return behind ? `${start}${start.endsWith('…') ? '' : '…'} ${end}` : `…${end}`;
}

function begun(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
