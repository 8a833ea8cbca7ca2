// What a profile says of its member's devices (docs/documents.md, PF1 and PF2): names, and which of them is the recovery key.
import type * as Y from 'yjs';
import { isDeviceId, readMeta } from '../document/meta.ts';
import { devicesOf, metaOf } from '../document/roots.ts';
import { cutLine } from '../document/title.ts';

/** Code units of a device's name; longer ones are cut when read. */
const LONGEST_NAME = 200;
/** A member has at most 20 devices at a time; those of the past keep their names. */
const MOST_DEVICES = 1_000;

/** By device id. Total: what is no name is left out. */
export function readDeviceNames(doc: Y.Doc): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  if (readMeta(doc)?.kind !== 'profile') return names;
  for (const [device, name] of devicesOf(doc)) {
    if (names.size >= MOST_DEVICES) break;
    if (isDeviceId(device) && typeof name === 'string') names.set(device, cutLine(name).slice(0, LONGEST_NAME));
  }
  return names;
}

/** Writes only what differs. */
export function nameDevice(doc: Y.Doc, device: string, name: string, origin: unknown = null): void {
  const given = cutLine(name).trim().slice(0, LONGEST_NAME);
  doc.transact(() => {
    const names = devicesOf(doc);
    if (names.get(device) !== given) names.set(device, given);
  }, origin);
}

/** The device that exists as words on paper alone. */
export interface RecoveryKey {
  readonly device: string;
  /** Its member entered the words once, after they were shown. */
  readonly tested: boolean;
}

/** Null where none was made. */
export function readRecoveryKey(doc: Y.Doc): RecoveryKey | null {
  if (readMeta(doc)?.kind !== 'profile') return null;
  const meta = metaOf(doc);
  const device = meta.get('recoveryKey');
  if (!isDeviceId(device)) return null;
  return { device, tested: meta.get('recoveryTested') === device };
}

export function setRecoveryKey(doc: Y.Doc, { device, tested }: RecoveryKey, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (meta.get('recoveryKey') !== device) meta.set('recoveryKey', device);
    // Named by the device: a test of the key before says nothing about this one.
    if (tested && meta.get('recoveryTested') !== device) meta.set('recoveryTested', device);
  }, origin);
}
