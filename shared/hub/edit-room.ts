// Reading and changing one room through a short-lived Y.Doc: for commands and projections of a host, never for serving.
import * as Y from 'yjs';
import { AppError } from '../base/app-error.ts';
import type { ApplyOutcome, OpenOutcome, Principal, RoomHandle } from '../link/room-source.ts';
import { isTooDeep } from './compaction.ts';

/** What is needed of a hub: a Hub has both. */
export interface EditableSource {
  open(room: string, principal: Principal): Promise<OpenOutcome>;
  quarantine(room: string, reason: string): Promise<void>;
}

const EVERYTHING = new Uint8Array([0]);

/**
 * Builds the room's document, lets `change` edit it in one transaction, and resolves with its result once the edit is
 * durable. Nothing is written when nothing changed. Throws AppError `not-allowed`, `disk-full`-like `internal`, `too-large` or
 * `damaged`; then nothing was stored. `change` must not be async and must not keep the document.
 */
export async function editRoom<T>(
  source: EditableSource,
  room: string,
  principal: Principal,
  change: (doc: Y.Doc) => T,
): Promise<T> {
  return withRoom(source, room, principal, async (handle, doc) => {
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const result = doc.transact(() => change(doc));
    const [first, ...others] = updates;
    if (first) settle(await handle.apply(others.length === 0 ? first : Y.mergeUpdates(updates), doc, 'command'), room);
    return result;
  });
}

/** Builds the room's document, lets `look` read it, and destroys it. Throws as editRoom() does. */
export async function readRoom<T>(
  source: EditableSource,
  room: string,
  principal: Principal,
  look: (doc: Y.Doc) => T,
): Promise<T> {
  return withRoom(source, room, principal, async (_handle, doc) => look(doc));
}

async function withRoom<T>(
  source: EditableSource,
  room: string,
  principal: Principal,
  use: (handle: RoomHandle, doc: Y.Doc) => Promise<T>,
): Promise<T> {
  const opened = await source.open(room, principal);
  if (opened.kind === 'refused') throw refusal(opened, room);
  // Named, since Yjs would else make up a name from thirty random numbers.
  const doc = new Y.Doc({ guid: room });
  try {
    if (!canBuild(doc, opened.room.diff(EVERYTHING))) {
      await source.quarantine(room, 'too-deep');
      throw new AppError(
        'damaged',
        'The content of this document cannot be read safely. It is kept, and it is not opened.',
        { details: { room } },
      );
    }
    return await use(opened.room, doc);
  } finally {
    doc.destroy();
    opened.room.dispose();
  }
}

function canBuild(doc: Y.Doc, update: Uint8Array): boolean {
  try {
    Y.applyUpdate(doc, update);
  } catch {
    // The bytes were decoded before they were stored: what fails now is Yjs recursing through a forged structure.
    return false;
  }
  return !isTooDeep(doc);
}

function settle(outcome: ApplyOutcome, room: string): void {
  if (outcome.kind === 'stored' || outcome.kind === 'unchanged' || outcome.kind === 'aside') return;
  // The document was built from this hub's own bytes: nothing can be missing.
  if (outcome.kind === 'gap') throw new AppError('internal', 'The change did not fit. Nothing was stored.');
  throw refusal(outcome, room);
}

function refusal({ code, reason }: { readonly code: number; readonly reason: string }, room: string): AppError {
  const details = { room, closeCode: code };
  switch (code) {
    case 4403:
      return new AppError('not-allowed', reason, { details });
    case 4409:
      return new AppError('closed', reason, { details });
    case 4410:
      return new AppError('damaged', reason, { details });
    case 4413:
      return new AppError('too-large', reason, { details });
    case 4503:
      return new AppError('closed', reason, { details });
    default:
      return new AppError('internal', reason, { details });
  }
}
