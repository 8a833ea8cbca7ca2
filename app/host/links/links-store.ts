// The links projection in the store: for each document what it leads to, for each target who leads to it, the signatures of words. It reads no document.
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import type { ValueStore, ValueWrite } from '../../../shared/hub/value-store.ts';
import { parseJson } from '../data-folder.ts';
import type { DocumentLinks, Passages } from './document-links.ts';

/** Rows of another version are thrown away and made again from the documents. */
export const LINKS_VERSION = 3;

const AREA = 'links';
const AT = 'at:';
const DOCUMENT = 'doc:';
const TO = 'to:';
const WORDS = 'words:';
/** Keys that are deleted together. */
const PER_WRITE = 2_000;

/** Where each space was read up to; everything is thrown away that another version wrote. */
export async function loadReached(values: ValueStore): Promise<ReadonlyMap<string, number>> {
  const version = await values.get(AREA, 'version');
  if (version === null || fromUtf8(version) !== String(LINKS_VERSION)) {
    await clear(values, '');
    await values.write([{ area: AREA, key: 'version', value: utf8(String(LINKS_VERSION)) }]);
    return new Map();
  }
  const reached = new Map<string, number>();
  for await (const [key, value] of values.entries(AREA, AT)) {
    const number = parseJson(fromUtf8(value) ?? '');
    if (typeof number === 'number') reached.set(key.slice(AT.length), number);
  }
  return reached;
}

/**
 * Writes what documents say now (null: nothing any more) in place of what they said. Answers, by workspace, the targets that
 * they led to before or lead to now. Two of these must not run at the same time.
 */
export async function saveLinks(
  values: ValueStore,
  documents: ReadonlyMap<string, DocumentLinks | null>,
  reached: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const writes: ValueWrite[] = [];
  const put = (key: string, value: Uint8Array | null): void => void writes.push({ area: AREA, key, value });
  const touched = new Map<string, Set<string>>();
  for (const [room, links] of documents) {
    const workspace = room.slice(0, room.indexOf('/'));
    const targets = touched.get(workspace) ?? new Set<string>();
    touched.set(workspace, targets);
    for (const target of await targetsOf(values, room)) {
      targets.add(target);
      if (!links?.targets.has(target)) put(`${TO}${workspace}/${target}/${room}`, null);
    }
    put(DOCUMENT + room, links && utf8(JSON.stringify([...links.targets.keys()].sort())));
    put(WORDS + room, links?.signature ?? null);
    for (const [target, passages] of links?.targets ?? []) {
      targets.add(target);
      put(`${TO}${workspace}/${target}/${room}`, utf8(JSON.stringify(passages)));
    }
  }
  for (const [space, at] of reached) put(AT + space, utf8(JSON.stringify(at)));
  if (writes.length > 0) await values.write(writes);
  return touched;
}

async function targetsOf(values: ValueStore, room: string): Promise<readonly string[]> {
  const stored = await values.get(AREA, DOCUMENT + room);
  const content = stored && parseJson(fromUtf8(stored) ?? '');
  return Array.isArray(content) ? (content as unknown[]).filter((one) => typeof one === 'string') : [];
}

/** What each document of a workspace leads to. */
export async function storedTargets(values: ValueStore, workspace: string): Promise<Map<string, readonly string[]>> {
  const prefix = `${DOCUMENT}${workspace}/`;
  const found = new Map<string, readonly string[]>();
  for await (const [key, value] of values.entries(AREA, prefix)) {
    const content = parseJson(fromUtf8(value) ?? '');
    // Rows are this program's own, of this version, under the store's checksum.
    if (Array.isArray(content) && content.length > 0) found.set(key.slice(DOCUMENT.length), content as string[]);
  }
  return found;
}

/** Who leads to a target, by room. */
export async function storedPassages(
  values: ValueStore,
  workspace: string,
  target: string,
): Promise<Map<string, Passages>> {
  const prefix = `${TO}${workspace}/${target}/`;
  const found = new Map<string, Passages>();
  for await (const [key, value] of values.entries(AREA, prefix)) {
    const content = parseJson(fromUtf8(value) ?? '');
    // Rows are this program's own, of this version, under the store's checksum.
    if (content) found.set(key.slice(prefix.length), content as Passages);
  }
  return found;
}

export async function* storedSignatures(
  values: ValueStore,
  workspace: string,
): AsyncIterable<readonly [room: string, signature: Uint8Array]> {
  for await (const [key, value] of values.entries(AREA, `${WORDS}${workspace}/`))
    yield [key.slice(WORDS.length), value];
}

/** Takes away everything that is stored of a workspace. */
export async function forgetLinks(values: ValueStore, workspace: string): Promise<void> {
  for (const prefix of [AT, DOCUMENT, TO, WORDS]) await clear(values, `${prefix}${workspace}/`);
}

async function clear(values: ValueStore, prefix: string): Promise<void> {
  let keys: string[] = [];
  const drop = async (): Promise<void> => {
    if (keys.length > 0) await values.write(keys.map((key) => ({ area: AREA, key, value: null })));
    keys = [];
  };
  for await (const [key] of values.entries(AREA, prefix)) {
    keys.push(key);
    if (keys.length >= PER_WRITE) await drop();
  }
  await drop();
}
