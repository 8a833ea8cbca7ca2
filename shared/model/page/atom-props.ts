// What the markers of atom kinds hold besides id, kind and indent: read without trust, written without defaults.
import { isId } from './embeds.ts';
import { DUE_CHOICES } from '../board/look.ts';
import { askLine, readNewAsk } from './new-ask.ts';
import { readNewTable } from './new-table.ts';
import { BOARD_SHAPES } from './block.ts';
import type { AtomKind, AtomProps, BlobProps, ImageProps, NoProps } from './block.ts';
import { wellFormed } from './well-formed.ts';

/** Widths of a picture on a page, CSS pixels. */
export const IMAGE_WIDTH = { least: 32, most: 4096 } as const;
const MAX_NAME_LENGTH = 255;
const MAX_ALT_LENGTH = 2_000;
const MAX_PIXELS = 1_000_000;
const MAX_WORDS_LENGTH = 200;
/** People, labels and the like of one choice of cards. */
const MAX_CHOSEN = 20;

const BLOB = /^[0-9a-f]{64}$/;
const MIME = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/;
/** Control characters, line separators, and marks that turn a name's end around. */
const NOT_IN_NAMES = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

const NONE: readonly string[] = Object.freeze([]);
const NOTHING: NoProps = Object.freeze({});

/** The props of each kind by name, in the order in which they are written, with how a value is read. */
type Readers<Props> = { readonly [Name in keyof Props]-?: (value: unknown) => Props[Name] };

const BLOB_READERS: Readers<BlobProps> = {
  blob: (value) => (typeof value === 'string' && BLOB.test(value) ? value : ''),
  name: (value) =>
    typeof value === 'string' && value.length <= MAX_NAME_LENGTH && !NOT_IN_NAMES.test(value) ? value : '',
  mime: (value) => (typeof value === 'string' && MIME.test(value) ? value : ''),
  size: (value) => (isWhole(value) && value >= 0 ? value : 0),
};
const IMAGE_READERS: Readers<ImageProps> = {
  ...BLOB_READERS,
  alt: (value) => (typeof value === 'string' && value.length <= MAX_ALT_LENGTH ? value : ''),
  width: (value) => (isWhole(value) ? Math.min(IMAGE_WIDTH.most, Math.max(IMAGE_WIDTH.least, value)) : null),
  pixels: readPixels,
};
const READERS: { readonly [Kind in AtomKind]: Readers<AtomProps[Kind]> } = {
  divider: {},
  image: IMAGE_READERS,
  file: BLOB_READERS,
  table: { table: readNewTable },
  poll: { ask: readNewAsk },
  done: { ask: readNewAsk },
  thread: { thread: (value) => (isId(value) ? value : '') },
  board: {
    board: (value) => (isId(value) ? value : ''),
    view: (value) => (isId(value) ? value : ''),
    shape: (value) => BOARD_SHAPES.find((shape) => shape === value) ?? 'columns',
    words: (value) => askLine(typeof value === 'string' ? value : '').slice(0, MAX_WORDS_LENGTH),
    members: (value) => readList(value, (one) => one === '' || isId(one)),
    labels: (value) => readList(value, (one) => one === '' || isId(one)),
    due: (value) => readList(value, (one) => (DUE_CHOICES as readonly unknown[]).includes(one)),
  },
};

/** The names of a kind's props. */
export function atomPropNames(kind: AtomKind): readonly string[] {
  return Object.keys(READERS[kind]);
}

/** Reads the props of a kind from whatever a peer may have written; never throws. */
export function readAtomProps<Kind extends AtomKind>(kind: Kind, get: (name: string) => unknown): AtomProps[Kind] {
  const readers = Object.entries(READERS[kind]) as [string, (value: unknown) => unknown][];
  if (readers.length === 0) return NOTHING as AtomProps[Kind];
  return Object.fromEntries(readers.map(([name, read]) => [name, read(get(name))])) as unknown as AtomProps[Kind];
}

/** The entries of a marker for props, as far as they are not the defaults. */
export function storedAtomProps(kind: AtomKind, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const clean = (value: unknown): unknown => (typeof value === 'string' ? wellFormed(value) : value);
  const props = readAtomProps(kind, (name) => clean(given[name]));
  const defaults = readAtomProps(kind, () => undefined);
  return Object.fromEntries(
    Object.entries(props).filter(([name, value]) => !sameProp(value, (defaults as Record<string, unknown>)[name])),
  );
}

/** Equality of two values of one prop. */
export function sameProp(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((value, index) => value === b[index]);
}

function readPixels(value: unknown): readonly [number, number] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [width, height] = value as unknown[];
  const fits = (length: unknown): length is number => isWhole(length) && length >= 1 && length <= MAX_PIXELS;
  return fits(width) && fits(height) ? [width, height] : null;
}

/** Each once, those of the form alone. The same empty list each time, so that it is known for the default. */
function readList(value: unknown, fits: (one: unknown) => boolean): readonly string[] {
  if (!Array.isArray(value)) return NONE;
  const found = [...new Set((value as unknown[]).slice(0, MAX_CHOSEN).filter(fits))] as string[];
  return found.length === 0 ? NONE : found;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
