// Two versions of a page side by side: the blocks of the later one with what came, what went and who did it. It reads and writes nothing else.
import type * as Y from 'yjs';
import { bodyOf } from '../document/roots.ts';
import type { Inline, Marks, TextRun } from './block.ts';
import { unitName, unitsOf, type Unit } from './block-units.ts';
import { compareWords, wordsOf, type WordChange } from './compare-words.ts';
import { readCheck } from './check-box.ts';
import { readEmbed } from './embeds.ts';
import { itemOf, readFragments } from './fragments.ts';
import { longestRising } from './longest-rising.ts';
import { shownContent } from './shown-content.ts';
import { blockOf, contentOf, marksOf, sameMarks, viewBlocks, type ViewBlock } from './view-blocks.ts';
import { viewOrder } from './view-order.ts';

/** By whom, as numbers that mean something to the caller; -1: not known. */
export interface Authorship {
  brought(client: number, clock: number): number;
  deleted(client: number, clock: number): number;
  /** Who is named where neither tells: text that went over into another block was neither written nor deleted. */
  readonly otherwise?: number;
}

export interface VersionPiece {
  /** '' for an inline thing that is no text. */
  readonly text: string;
  /** A mention, a page, a date, a check box, or what this version does not know; null for text. */
  readonly thing: Exclude<Inline, TextRun> | null;
  readonly marks: Marks;
  readonly change: 'same' | 'in' | 'out' | 'marks';
  readonly by: number;
}

export interface VersionBlock {
  readonly id: string;
  readonly type: 'text' | 'atom' | 'unknown';
  readonly kind: string;
  readonly indent: number;
  readonly level: number;
  readonly checked: boolean;
  /** `moved`: where it stands alone; `changed`: also its kind, or what an atom holds. */
  readonly change: 'same' | 'in' | 'out' | 'changed' | 'moved';
  readonly by: number;
  /** The kind that it had, where that changed. */
  readonly wasKind: string | null;
  readonly pieces: VersionPiece[];
}

/** Both are past states of one document. The blocks of `after` in view order; those that went stand where they stood. */
export function compareVersions(before: Y.Doc, after: Y.Doc, who: Authorship): VersionBlock[] {
  const [old, fresh] = [blocksOf(before), blocksOf(after)];
  const oldById = new Map(old.map((block, at) => [block.id, { block, at }]));
  const freshIds = new Set(fresh.map(({ id }) => id));
  const common = fresh.filter(({ id }) => oldById.has(id));
  const kept = longestRising(common.map(({ id }) => oldById.get(id)?.at ?? 0));
  const moved = new Set(common.map(({ id }) => id));
  for (const at of kept) moved.delete(common[at]?.id ?? '');
  const differing = new Set<ViewBlock>();
  for (const block of fresh) {
    const was = oldById.get(block.id)?.block;
    if (!was || shownContent(was) !== shownContent(block)) [was, block].forEach((one) => one && differing.add(one));
  }
  for (const block of old) if (!freshIds.has(block.id)) differing.add(block);
  const units = new UnitsOfBlocks(before, after, old, fresh, differing);

  const gone = new Map<string | null, ViewBlock[]>();
  let above: string | null = null;
  for (const block of old) {
    if (freshIds.has(block.id)) above = block.id;
    else gone.set(above, [...(gone.get(above) ?? []), block]);
  }
  const removed = (behind: string | null): VersionBlock[] =>
    (gone.get(behind) ?? []).map((block) => {
      const by = authorOf(block, who.deleted.bind(who), who);
      const pieces = piecesOf(compareWords(wordsOf(units.of(block)), []), who, by, units);
      return { ...facts(block), change: 'out', by, wasKind: null, pieces };
    });
  const shown: VersionBlock[] = removed(null);
  for (const block of fresh) {
    const was = oldById.get(block.id)?.block ?? null;
    shown.push(was ? compared(was, block) : added(block), ...removed(block.id));
  }
  return shown;

  function added(block: ViewBlock): VersionBlock {
    const by = authorOf(block, who.brought.bind(who), who);
    const pieces = piecesOf(compareWords([], wordsOf(units.of(block))), who, by, units);
    return { ...facts(block), change: 'in', by, wasKind: null, pieces };
  }

  function compared(was: ViewBlock, block: ViewBlock): VersionBlock {
    const isMoved = moved.has(block.id);
    if (!differing.has(block)) {
      const by = isMoved ? keyAuthor(block, 'slot', who) : -1;
      return { ...facts(block), change: isMoved ? 'moved' : 'same', by, wasKind: null, pieces: unchanged(block) };
    }
    const changes = compareWords(wordsOf(units.of(was)), wordsOf(units.of(block)));
    const [kind, oldKind] = [labelOf(block), labelOf(was)];
    const by = kind === oldKind ? attributeAuthor(was, block, who) : keyAuthor(block, 'kind', who);
    const wasKind = kind === oldKind ? null : oldKind;
    return {
      ...facts(block),
      change: 'changed',
      by,
      wasKind,
      pieces: piecesOf(changes, who, who.otherwise ?? -1, units),
    };
  }
}

class UnitsOfBlocks {
  readonly #units = new Map<ViewBlock, readonly Unit[]>();
  /** What stands in any of the differing blocks, before and after, by name. */
  readonly there = new Set<string>();
  readonly here = new Set<string>();

  constructor(
    before: Y.Doc,
    after: Y.Doc,
    old: readonly ViewBlock[],
    fresh: readonly ViewBlock[],
    wanted: ReadonlySet<ViewBlock>,
  ) {
    for (const [doc, blocks, names] of [
      [before, old, this.there],
      [after, fresh, this.here],
    ] as const) {
      const asked = blocks.filter((block) => wanted.has(block));
      const markers = new Set(asked.flatMap(({ fragments }) => fragments.map(({ marker }) => marker)));
      const units = unitsOf(bodyOf(doc), markers);
      for (const block of asked) {
        const all = block.fragments.flatMap(({ marker }) => units.get(marker) ?? []);
        for (const unit of all) names.add(unitName(unit));
        this.#units.set(block, all);
      }
    }
  }

  of(block: ViewBlock): readonly Unit[] {
    return this.#units.get(block) ?? [];
  }
}

function blocksOf(doc: Y.Doc): ViewBlock[] {
  const body = bodyOf(doc);
  return viewBlocks(viewOrder(body, readFragments(body)).order);
}

function facts(view: ViewBlock): Pick<VersionBlock, 'id' | 'type' | 'kind' | 'indent' | 'level' | 'checked'> {
  const block = blockOf(view);
  const { id, type, kind, indent } = block;
  const level = block.type === 'text' ? block.level : 1;
  return { id, type, kind, indent, level, checked: block.type === 'text' && block.checked };
}

function labelOf(view: ViewBlock): string {
  const { kind, level } = facts(view);
  return kind === 'heading' ? `heading ${String(level)}` : kind;
}

function unchanged(view: ViewBlock): VersionPiece[] {
  return contentOf(view.fragments).map((inline) =>
    inline.type === 'text'
      ? { text: inline.text, thing: null, marks: inline.marks, change: 'same', by: -1 }
      : { text: '', thing: inline.type === 'check' ? { type: 'unknown' } : inline, marks: {}, change: 'same', by: -1 },
  );
}

/** @param fallback who is named where the units do not tell: whoever added or removed the block. */
function piecesOf(
  changes: readonly WordChange[],
  who: Authorship,
  fallback: number,
  { there, here }: UnitsOfBlocks,
): VersionPiece[] {
  const pieces: VersionPiece[] = [];
  for (const { change, word } of changes) {
    const [other, ask] = change === 'in' ? [there, who.brought.bind(who)] : [here, who.deleted.bind(who)];
    let by = -1;
    if (change === 'in' || change === 'out') {
      // Of a word of which letters stayed, or went over into another block, those that did not tell who changed it.
      const telling = word.units.find((unit) => !other.has(unitName(unit)));
      by = telling ? ask(telling.client, telling.clock) : -1;
      if (by < 0) by = fallback;
    }
    for (const { insert, attributes } of word.units) {
      const marks = marksOf(attributes);
      const last = pieces.at(-1);
      const text = typeof insert === 'string' ? insert : '';
      const joins = last && last.text !== '' && text !== '' && last.change === change && last.by === by;
      if (joins && sameMarks(last.marks, marks)) pieces[pieces.length - 1] = { ...last, text: last.text + text };
      else pieces.push({ text, thing: typeof insert === 'string' ? null : thingOf(insert), marks, change, by });
    }
  }
  return pieces;
}

function thingOf(insert: object): Exclude<Inline, TextRun> {
  return readEmbed(insert) ?? readCheck(insert) ?? { type: 'unknown' };
}

function authorOf(
  { fragments }: ViewBlock,
  ask: (client: number, clock: number) => number,
  { otherwise = -1 }: Authorship,
): number {
  const marker = fragments[0]?.marker;
  const id = marker && itemOf(marker)?.id;
  const by = id ? ask(id.client, id.clock) : -1;
  return by < 0 ? otherwise : by;
}

function keyAuthor({ fragments }: ViewBlock, key: string, who: Authorship): number {
  const id = fragments[0]?.marker?._map.get(key)?.id;
  return id ? who.brought(id.client, id.clock) : -1;
}

/** Who set the first attribute that differs. */
function attributeAuthor(was: ViewBlock, now: ViewBlock, who: Authorship): number {
  const [old, fresh] = [was.fragments[0]?.marker, now.fragments[0]?.marker];
  if (!old || !fresh || was.virtual || now.virtual) return -1;
  for (const [key, item] of fresh._map) {
    const before = old._map.get(key)?.id;
    if (before?.client !== item.id.client || before.clock !== item.id.clock) {
      return who.brought(item.id.client, item.id.clock);
    }
  }
  return -1;
}
