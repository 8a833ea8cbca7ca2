// A marker: the embedded Y.Map that a block begins with. How its attributes are read and written; nothing about order.
import * as Y from 'yjs';
import { EMPTY_ASK, fillAsk, isAskKind } from './ask.ts';
import { storedAtomProps } from './atom-props.ts';
import { ATOM_KINDS, MAX_INDENT, TEXT_KINDS } from './block.ts';
import { EMPTY_TABLE } from './table.ts';
import { fillTable } from './table-write.ts';
import type { AtomKind, BlockAttributes, TextKind } from './block.ts';
import { readNewAsk } from './new-ask.ts';
import { readNewTable } from './new-table.ts';

/** Where a moved fragment stands in view order: behind the physical place of the marker item `after`, or at the start. */
export interface Slot {
  /** Client and clock of a marker's item; null is the start of the page. */
  readonly after: readonly [client: number, clock: number] | null;
  /** A fractional-indexing key among the fragments of one place. */
  readonly key: string;
}

/** What a marker says, with defaults for what is missing or wrong. */
export interface MarkerProps extends BlockAttributes {
  /** As stored, or null when there is none that can be used. */
  readonly id: string | null;
  readonly kind: string;
  readonly slot: Slot | null;
  /** The content continues the block before it in view order. Heeded for text kinds only. */
  readonly flow: boolean;
}

/** The attributes of a block that editing changes. */
export type MarkerChange = Partial<BlockAttributes> & { readonly kind?: TextKind | AtomKind };

const MAX_ID_LENGTH = 128;
const MAX_KEY_LENGTH = 512;
const MAX_LANGUAGE_LENGTH = 64;

const textKinds: ReadonlySet<string> = new Set(TEXT_KINDS);
const atomKinds: ReadonlySet<string> = new Set(ATOM_KINDS);

export function isTextKind(kind: string): kind is TextKind {
  return textKinds.has(kind);
}

export function isAtomKind(kind: string): kind is AtomKind {
  return atomKinds.has(kind);
}

/** A Y.Map whose kind is a string begins a fragment; every other embed is an inline thing. */
export function isMarker(value: unknown): value is Y.Map<unknown> {
  return value instanceof Y.Map && typeof value.get('kind') === 'string';
}

/** Attributes as they count for a kind: a level for headings, a tick for check items, a language for code. */
export function attributesFor(kind: string, given: Partial<BlockAttributes>): BlockAttributes {
  return {
    indent: given.indent ?? 0,
    level: kind === 'heading' ? (given.level ?? 1) : 1,
    checked: kind === 'check' ? (given.checked ?? false) : false,
    language: kind === 'code' ? (given.language ?? '') : '',
  };
}

/** Reads whatever a peer may have written, or would say under another kind; never throws. */
export function readMarker(marker: Y.Map<unknown>, kind = marker.get('kind')): MarkerProps {
  const id = marker.get('id');
  const indent = marker.get('indent');
  const level = marker.get('level');
  const language = marker.get('language');
  const name = typeof kind === 'string' ? kind : '';
  return {
    id: typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_LENGTH ? id : null,
    kind: name,
    ...attributesFor(name, {
      indent: isInteger(indent) ? Math.min(MAX_INDENT, Math.max(0, indent)) : 0,
      level: isInteger(level) ? Math.min(6, Math.max(1, level)) : 1,
      checked: marker.get('checked') === true,
      language: typeof language === 'string' && language.length <= MAX_LANGUAGE_LENGTH ? language : '',
    }),
    slot: readSlot(marker.get('slot')),
    flow: marker.get('flow') === true,
  };
}

/** A marker that is not yet in a document; defaults are not written. `props` are those of an atom kind. */
export function createMarker(
  given: MarkerChange & {
    readonly id: string;
    readonly kind: TextKind | AtomKind;
    readonly slot?: Slot;
    readonly props?: Readonly<Record<string, unknown>>;
  },
): Y.Map<unknown> {
  const marker = new Y.Map<unknown>();
  const attributes = attributesFor(given.kind, given);
  marker.set('id', given.id);
  marker.set('kind', given.kind);
  if (attributes.indent !== 0) marker.set('indent', attributes.indent);
  if (attributes.level !== 1) marker.set('level', attributes.level);
  if (attributes.checked) marker.set('checked', true);
  if (attributes.language !== '') marker.set('language', attributes.language);
  if (given.kind === 'table') fillTable(marker, readNewTable(given.props?.['table']) ?? EMPTY_TABLE);
  else if (isAskKind(given.kind)) fillAsk(marker, readNewAsk(given.props?.['ask']) ?? EMPTY_ASK);
  else if (isAtomKind(given.kind)) {
    for (const [name, value] of Object.entries(storedAtomProps(given.kind, given.props ?? {}))) marker.set(name, value);
  }
  if (given.slot) marker.set('slot', given.slot);
  return marker;
}

function readSlot(value: unknown): Slot | null {
  if (typeof value !== 'object' || value === null) return null;
  const { after, key } = value as { after?: unknown; key?: unknown };
  if (typeof key !== 'string' || key.length > MAX_KEY_LENGTH) return null;
  if (after === null) return { after: null, key };
  if (!Array.isArray(after) || after.length !== 2) return null;
  const [client, clock] = after as unknown[];
  if (!isInteger(client) || !isInteger(clock) || client < 0 || clock < 0) return null;
  return { after: [client, clock], key };
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
