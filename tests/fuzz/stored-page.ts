// A strict reading of a stored page: names what no program of this version may leave behind (PG1 to PG12), where readers take anything.
import { generateKeyBetween } from 'fractional-indexing';
import { isDeepStrictEqual } from 'node:util';
import * as Y from 'yjs';
import { atomPropNames, readAtomProps } from '../../shared/model/page/atom-props.ts';
import { MAX_INDENT } from '../../shared/model/page/block.ts';
import { isCheckBox } from '../../shared/model/page/check-box.ts';
import { readEmbed } from '../../shared/model/page/embeds.ts';
import { isAtomKind, isMarker, isTextKind } from '../../shared/model/page/marker.ts';
import { blockText, readBlocks } from '../../shared/model/page/read.ts';
import { START_ID } from '../../shared/model/page/view-blocks.ts';
import { wellFormed } from '../../shared/model/page/well-formed.ts';

/** What may be there that is not so as a rule. */
export interface PageLeave {
  /** Characters that another program put straight into the text: only they may stand before the first marker where none was deleted. */
  readonly loose: ReadonlySet<string>;
  /** Several people undo: a block whose deletion two of them took back apart is there twice. */
  readonly doubled: boolean;
}

type Check = (value: unknown) => boolean;

const whole = (least: number, most: number): Check => {
  return (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
};
const flag: Check = (value) => typeof value === 'boolean';

const ID = /^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/;
const LONGEST_KEY = 96;
/** Text keeps what it had under another kind. */
const TEXT_ENTRIES: Readonly<Record<string, Check>> = {
  indent: whole(0, MAX_INDENT),
  level: whole(1, 6),
  checked: flag,
  language: (value) => typeof value === 'string' && value.length <= 64,
  flow: flag,
};
const map: Check = (value) => value instanceof Y.Map;
const ASKED: Readonly<Record<string, Check>> = {
  text: (value) => value instanceof Y.Text,
  choices: map,
  multiple: flag,
  anonymous: flag,
  until: whole(0, Number.MAX_SAFE_INTEGER),
};
/** What a marker holds that its kind does not name as a prop. */
const INSIDE: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  table: { header: flag, columns: map, rows: map, cells: map },
  poll: ASKED,
  done: ASKED,
};

/** What is wrong with the page as it is stored; [] when all of it is what the documents' rules allow. */
export function pageFaults(doc: Y.Doc, leave: PageLeave): string[] {
  const faults: string[] = [];
  const body = doc.getText('body');
  for (const root of doc.share.keys()) if (root !== 'body') faults.push(`a root ${root}`);
  const markers: Y.Map<unknown>[] = [];
  let hasStart = false;
  let deleted = false;
  for (let item = body._start; item !== null; item = item.right) {
    const { content } = item;
    if (item.deleted) {
      deleted = true;
    } else if (content instanceof Y.ContentType && isMarker(content.type)) {
      markers.push(content.type);
      faults.push(...markerFaults(content.type, body));
    } else {
      faults.push(...contentFaults(content));
      if (markers.length > 0 || !item.countable) continue;
      hasStart = true;
      if (!deleted && !isLoose(content, leave)) faults.push('before the first marker stands what nobody put there');
    }
  }
  return [...faults, ...viewFaults(body, markers, hasStart, leave)];
}

function isLoose(content: Y.Item['content'], { loose }: PageLeave): boolean {
  return content instanceof Y.ContentString && [...content.str].every((character) => loose.has(character));
}

function contentFaults(content: Y.Item['content']): string[] {
  if (content instanceof Y.ContentString) return wellFormed(content.str) === content.str ? [] : ['half a character'];
  if (content instanceof Y.ContentFormat) {
    return isMark(content.key, content.value) ? [] : [`a mark ${content.key} ${JSON.stringify(content.value)}`];
  }
  if (content instanceof Y.ContentEmbed) {
    const embed: unknown = content.embed;
    const known = typeof embed === 'object' && embed !== null ? readEmbed(embed) : null;
    return known && isDeepStrictEqual({ ...known }, embed) ? [] : [`an inline thing ${JSON.stringify(embed)}`];
  }
  const isBox = content instanceof Y.ContentType && isCheckBox(content.type);
  return isBox ? [] : [`a ${content.constructor.name} that is no marker`];
}

function isMark(key: string, value: unknown): boolean {
  if (value === null) return ['bold', 'italic', 'code', 'strike', 'highlight', 'link'].includes(key);
  return key === 'link' ? typeof value === 'string' : isMark(key, null) && value === true;
}

function markerFaults(marker: Y.Map<unknown>, body: Y.Text): string[] {
  const [id, kind] = [marker.get('id'), String(marker.get('kind'))];
  const faults: string[] = [];
  if (typeof id !== 'string' || !ID.test(id)) faults.push(`a marker with the id ${JSON.stringify(id)}`);
  const isAtom = isAtomKind(kind);
  if (!isAtom && !isTextKind(kind)) faults.push(`a marker of kind ${kind}`);
  for (const [key, value] of marker.entries()) {
    if (key === 'id' || key === 'kind') continue;
    let fits = TEXT_ENTRIES[key]?.(value) ?? false;
    if (key === 'slot') fits = isSlot(value, body);
    else if (isAtom && key !== 'indent') fits = INSIDE[kind]?.[key]?.(value) ?? isProp(marker, kind, key);
    if (!fits) faults.push(`a ${kind} with ${key} ${JSON.stringify(value)}`);
  }
  return faults;
}

/** A value that a reader takes as it is. */
function isProp(marker: Y.Map<unknown>, kind: string, key: string): boolean {
  if (!isAtomKind(kind) || !atomPropNames(kind).includes(key)) return false;
  const read = readAtomProps(kind, (name) => marker.get(name)) as Readonly<Record<string, unknown>>;
  return isDeepStrictEqual(read[key], marker.get(key));
}

/** A place that is known here, and a key between others. */
function isSlot(value: unknown, body: Y.Text): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { after, key, ...more } = value as { after?: unknown; key?: unknown };
  if (Object.keys(more).length > 0 || typeof key !== 'string' || key.length > LONGEST_KEY) return false;
  try {
    generateKeyBetween(key, null);
  } catch {
    return false;
  }
  if (after === null) return true;
  if (!Array.isArray(after) || after.length !== 2) return false;
  const store = body.doc!.store;
  const [client, clock] = after as [number, number];
  if (!(clock >= 0) || !(clock < Y.getState(store, client))) return false;
  const item: unknown = Y.getItem(store, Y.createID(client, clock));
  if (!(item instanceof Y.Item) || item.parent !== body || item.parentSub !== null) return false;
  return item.deleted || (item.content instanceof Y.ContentType && isMarker(item.content.type));
}

/** Rules PG3, PG7 and PG8: each marker that does not flow begins one block, under its id or one made of it, and all text is in view. */
function viewFaults(body: Y.Text, markers: readonly Y.Map<unknown>[], hasStart: boolean, leave: PageLeave): string[] {
  const faults: string[] = [];
  const blocks = readBlocks(body);
  const ids = new Set(blocks.map(({ id }) => id));
  if (ids.size !== blocks.length) faults.push('two blocks have one id');
  const byId = new Map<string, Y.Map<unknown>[]>();
  for (const marker of markers) {
    const id = String(marker.get('id'));
    byId.set(id, [...(byId.get(id) ?? []), marker]);
  }
  const explained = new Set(hasStart ? [START_ID] : []);
  for (const [id, group] of byId) {
    if (group.length > 1 && !leave.doubled) faults.push(`${String(group.length)} markers ${id}`);
    const names = group.length > 1 ? [id, ...group.map((marker) => `${id}~${itemName(marker)}`)] : [id];
    const shown = names.filter((name) => ids.has(name));
    const flowing = group.filter((marker) => marker.get('flow') === true).length;
    if (shown.length < group.length - flowing || shown.length > group.length) {
      faults.push(`${String(group.length)} markers ${id} are shown as ${JSON.stringify(shown)}`);
    }
    for (const name of shown) explained.add(name).add(`${name}:text`);
  }
  for (const id of ids) if (!explained.has(id)) faults.push(`a block ${id} that no marker stands for`);
  const shown = blocks.map((block) => (block.type === 'atom' ? '' : blockText(block))).join('');
  if (sorted(shown) !== sorted(body.toString())) faults.push('what is shown is not what is stored');
  return faults;
}

function itemName(marker: Y.Map<unknown>): string {
  const { client, clock } = marker._item!.id;
  return `${String(client)}.${String(clock)}`;
}

function sorted(text: string): string {
  return [...text].sort().join('');
}
