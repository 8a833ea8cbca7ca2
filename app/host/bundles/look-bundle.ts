// What is inside a bundle, and what of it is new here: shown before anything is taken. It opens no room and changes nothing; titles only of what may be read here.
import * as Y from 'yjs';
import { isAllowed } from '../../../shared/access/rights.ts';
import { toWireError } from '../../../shared/base/app-error.ts';
import { isTooDeep } from '../../../shared/hub/compaction.ts';
import { keepRoots } from '../../../shared/hub/keep-roots.ts';
import type { Knowledge } from '../../../shared/hub/knowledge.ts';
import { RoomBytes } from '../../../shared/hub/room-bytes.ts';
import { readBoundedFacts, type UpdateFacts } from '../../../shared/hub/update-facts.ts';
import { HEAD_ROOTS } from '../../../shared/model/document/roots.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { BundleDocument, BundleLook } from '../../contract/bundles.ts';
import type { HostParts } from '../call-handlers.ts';
import { projectRow } from '../catalogue-row.ts';
import type { JobContext } from '../jobs.ts';
import type { Workspace } from '../workspace.ts';
import type { RoomPart } from './bundle-entries.ts';
import { BUNDLE_LIMITS } from './bundle-limits.ts';
import type { OpenBundle } from './open-bundle.ts';
import { readThrough, type BundleFront, type Content } from './read-bundle.ts';

const SHOWN: ReadonlySet<string> = new Set(['page', 'board', 'thread']);

type Verdict = { readonly state: BundleDocument['state']; readonly changes: number };

/** Throws what is wrong with the bundle. */
export async function lookAtBundle(
  host: HostParts,
  workspace: Workspace,
  bundle: OpenBundle,
  context: JobContext,
): Promise<{ readonly look: BundleLook; readonly front: BundleFront }> {
  const looking = new Looking(host, workspace);
  const front = await readThrough(host, workspace, bundle, context, (content, now) => looking.take(content, now));
  return { look: looking.result(front, bundle.size), front };
}

class Looking {
  readonly #host: HostParts;
  readonly #workspace: Workspace;
  readonly #documents: BundleDocument[] = [];
  readonly #spaceNames = new Map<string, string>();
  readonly #counts = { changes: 0, other: 0, hidden: 0, refused: 0, sittings: 0, files: 0, fileBytes: 0, filesHere: 0 };
  #more = 0;

  constructor(host: HostParts, workspace: Workspace) {
    this.#host = host;
    this.#workspace = workspace;
  }

  async take(content: Content, front: BundleFront): Promise<void> {
    const counts = this.#counts;
    switch (content.kind) {
      case 'room':
        await this.#room(content.part, front);
        break;
      case 'segment':
        if (!(await this.#host.history.hasSegment(this.#workspace.id, content.hash))) counts.sittings += 1;
        break;
      case 'blob': {
        const { blob, size } = content;
        counts.files += 1;
        counts.fileBytes += size;
        if ((await this.#host.blobs.size(this.#workspace.id, blob)) !== null) counts.filesHere += 1;
        break;
      }
      case 'piece':
    }
  }

  result({ about, log, member }: BundleFront, size: number): BundleLook {
    const { id } = this.#workspace;
    const names = this.#workspace.names();
    const spaces = [...new Set(this.#documents.map(({ space }) => space))];
    return {
      workspace: id,
      title: this.#workspace.entry().title,
      writer: {
        device: about.writer,
        deviceName: names.device(member, about.writer),
        member,
        name: names.member(member),
      },
      at: about.at,
      to: about.to,
      since: about.since,
      size,
      records: log.fresh,
      spaces: spaces
        .map((space) => ({ id: space, name: names.space(space).name || (this.#spaceNames.get(space) ?? '') }))
        .sort((a, b) => a.name.localeCompare(b.name)),
      documents: this.#documents.sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title)),
      more: this.#more,
      ...this.#counts,
    };
  }

  async #room({ room, update }: RoomPart, front: BundleFront): Promise<void> {
    const { clock, device, catalogue } = this.#host;
    const address = parseRoomName(room);
    if (!update || !address) return;
    const counts = this.#counts;
    const asker = { device: device.id, member: null };
    if (!isAllowed(front.log.membership, asker, 'read', address, clock.now())) {
      counts.hidden += 1;
      return;
    }
    const isPerson = address.space.startsWith('@');
    if (isPerson && !front.brings(room)) return;
    const judged = front.brings(room)
      ? await this.#judge(room, update)
      : { verdict: { state: 'refused', changes: 0 } as const, facts: null };
    const { verdict, facts } = judged;
    counts.changes += verdict.changes;
    if (verdict.state === 'refused') counts.refused += 1;
    const row = catalogue.row(room) ?? (facts ? headOf(room, update) : null);
    if (row && address.document === address.space) this.#spaceNames.set(address.space, row.title);
    if (!row || !SHOWN.has(row.kind) || /^[@~]/.test(address.space)) {
      if (verdict.state === 'new' || verdict.state === 'changed') counts.other += 1;
      return;
    }
    if (this.#documents.length >= BUNDLE_LIMITS.named) {
      this.#more += 1;
      return;
    }
    this.#documents.push({
      id: address.document,
      space: address.space,
      kind: row.kind === 'board' || row.kind === 'thread' ? row.kind : 'page',
      title: row.title.slice(0, 500),
      ...verdict,
    });
  }

  /** As the hub would, from what is stored: an open room may be merged, and then something was changed. */
  async #judge(room: string, update: Uint8Array): Promise<{ verdict: Verdict; facts: UpdateFacts | null }> {
    const refused = { state: 'refused', changes: 0 } as const;
    if (update.length > LIMITS.frame) return { verdict: refused, facts: null };
    const facts = readBoundedFacts(update, LIMITS.items);
    if (!facts || facts === 'too many') return { verdict: refused, facts: null };
    try {
      const stored = await this.#host.store.load(room);
      const known = new RoomBytes(stored).readKnowledge();
      const fit = known.fit(facts);
      if (fit === 'unchanged') return { verdict: { state: 'same', changes: 0 }, facts };
      if (fit === 'gap') return { verdict: { state: 'gap', changes: 0 }, facts };
      return { verdict: { state: stored ? 'changed' : 'new', changes: newIn(facts, known) }, facts };
    } catch (error) {
      if (toWireError(error).code !== 'damaged') throw error;
      return { verdict: refused, facts: null };
    }
  }
}

/** What people would call changes: pieces that were typed, put or set, and at least the deletion that makes it new. */
function newIn({ structs }: UpdateFacts, { clocks }: Knowledge): number {
  let count = 0;
  for (const [client, list] of structs) {
    const known = clocks.get(client) ?? 0;
    for (const { end } of list) if (end > known) count += 1;
  }
  return Math.max(1, count);
}

/** Of a document that is not here: what lists would say of it, read from its head alone. Null for what cannot be read. */
function headOf(room: string, update: Uint8Array): { readonly kind: string; readonly title: string } | null {
  const heads = keepRoots([update], HEAD_ROOTS);
  const doc = new Y.Doc({ guid: room });
  try {
    doc.transact(() => {
      for (const head of heads ?? []) Y.applyUpdate(doc, head);
    });
    return isTooDeep(doc) ? null : projectRow(room, doc, 0);
  } catch {
    // Whoever made these bytes did not mean them to be read; merging says what is wrong with them.
    return null;
  } finally {
    doc.destroy();
  }
}

const RANKS: Readonly<Record<BundleDocument['state'], number>> = { new: 0, changed: 1, gap: 2, refused: 3, same: 4 };

function rank({ state }: BundleDocument): number {
  return RANKS[state];
}
