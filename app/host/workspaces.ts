// The workspaces of a data folder: opens them, creates and joins. A create or join that fails leaves nothing half done.
import { hashRecord, signRecord } from '../../shared/access/membership-log.ts';
import { AppError } from '../../shared/base/app-error.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { createProfile, createWorkspaceAbout, profileRoom, workspaceRoom } from '../../shared/model/profile/profile.ts';
import { createSpace, spaceRoom } from '../../shared/model/space/space.ts';
import type { WorkspaceEntry } from '../contract/entities.ts';
import { parseJoinLink } from './join-link.ts';
import { joinByLink } from './join-relay.ts';
import { WorkspaceLog } from './membership.ts';
import { OneByOne } from './one-by-one.ts';
import type { Word } from './order-file.ts';
import type { PeerJoining } from './peers/join-peer.ts';
import type { MeetingLink } from './peers/newcomer.ts';
import { relayClient } from './relay-client.ts';
import { isRecordableUrl } from './relay-url.ts';
import type { RoomDocuments } from './room-documents.ts';
import {
  readWorkspaces,
  removeUnfinished,
  removeWorkspaceFiles,
  writeAbout,
  type WorkspaceAbout,
} from './workspace-folder.ts';
import type { WorkspaceParts } from './workspace-parts.ts';
import { Workspace } from './workspace.ts';

export interface WorkspacesParts extends WorkspaceParts {
  readonly documents: RoomDocuments;
  /** Joins at the computer that a link names; null: this program calls nobody. */
  readonly joinAt: ((link: MeetingLink, record: string | null) => Promise<PeerJoining>) | null;
}

export type Joining =
  | { readonly kind: 'joined'; readonly workspace: Workspace }
  /** The record is carried until the owner's computer has put it in order; joining again with it goes on. */
  | { readonly kind: 'waits'; readonly record: string; readonly title: string };

/** The space that every workspace begins with. */
export const FIRST_SPACE = 'Everyone';
/** A place for what belongs nowhere else; whoever does not want it archives it. */
export const OFF_TOPIC = {
  name: 'Off topic',
  purpose: 'For whatever has nothing to do with work: lunch, games, good books, a picture of the cat.',
};

export class Workspaces {
  readonly #parts: WorkspacesParts;
  readonly #open = new Map<string, Workspace>();
  readonly #entering = new OneByOne();
  readonly #added = new Emitter<Workspace>();
  /** Fires for each workspace that is opened, created or joined. */
  readonly onAdded = this.#added.event;
  readonly #removed = new Emitter<string>();
  /** Fires with the id of each workspace that is on this computer no more. */
  readonly onRemoved = this.#removed.event;

  constructor(parts: WorkspacesParts) {
    this.#parts = parts;
  }

  /** Opens those that are in the folder. */
  async openAll(): Promise<void> {
    const { folder, device, former, clock } = this.#parts;
    for (const stored of await readWorkspaces(folder)) {
      const log = await WorkspaceLog.open(folder, device, clock, stored.records, former);
      // A device that was taken out since belongs here all the same, and one whose key was made anew.
      const isMine = [device.id, ...former].some((id) => log.facts.devices.get(id)?.member === stored.about.member);
      if (log.workspace !== stored.id || !isMine) {
        throw new AppError(
          'damaged',
          `The members' list in ${folder.workspaces}/${stored.id} belongs to another workspace or device. Nothing was changed. Restore that folder from a backup.`,
        );
      }
      if (log.membership.devices.has(device.id) && device.d !== '') await closeOpen(log, stored.about);
      await this.#add(log, stored.about);
    }
  }

  /** Whether something in a room may be nowhere but here; of a workspace that is not open yet nothing is known. */
  isWaiting(room: string): boolean {
    return this.find(room.slice(0, room.indexOf('/')))?.isWaiting(room) ?? true;
  }

  get all(): readonly Workspace[] {
    return [...this.#open.values()];
  }

  entries(): WorkspaceEntry[] {
    return this.all.map((workspace) => workspace.entry());
  }

  /** Throws not-found for an id that is not of this folder. */
  get(id: string): Workspace {
    const workspace = this.#open.get(id);
    if (!workspace) throw new AppError('not-found', 'This workspace is not on this computer. Nothing was changed.');
    return workspace;
  }

  find(id: string): Workspace | null {
    return this.#open.get(id) ?? null;
  }

  /** A new workspace with its owner's profile and one space, or that and one for what is off topic; it needs no network. */
  async create(title: string, name: string, offTopic = false): Promise<Workspace> {
    const { folder, device, clock } = this.#parts;
    const at = clock.now();
    const first = await signRecord(device, {
      version: 2,
      previous: null,
      body: { verb: 'workspace.create', device: device.publicKey, nonce: randomId() },
      at,
    });
    const id = await hashRecord(first);
    const log = await WorkspaceLog.open(folder, device, clock, [first]);
    return this.#finish(log, { member: id, relay: null, title, addedAt: at }, async () => {
      const space = randomId();
      await log.append({ verb: 'space.create', space, visibility: 'open' });
      const begun = { createdBy: id, createdAt: at };
      await this.#write(workspaceRoom(id), (doc) => createWorkspaceAbout(doc, { title, ...begun }));
      await this.#write(profileRoom(id, id), (doc) => createProfile(doc, { title: name, ...begun }));
      await this.#write(spaceRoom(id, space), (doc) => createSpace(doc, { name: FIRST_SPACE, ...begun }));
      if (!offTopic) return;
      const other = randomId();
      await log.append({ verb: 'space.create', space: other, visibility: 'open' });
      await this.#write(spaceRoom(id, other), (doc) => createSpace(doc, { ...OFF_TOPIC, ...begun }));
    });
  }

  /**
   * Joins by a link; the relay, or the computer that it names, must answer. A second try after a failure finds its own record and
   * goes on. @param record of an earlier try at a computer, or null.
   */
  async join(text: string, name: string, record: string | null = null): Promise<Joining> {
    const link = parseJoinLink(text);
    this.#refuseTwice(link.workspace);
    const { folder, device, clock, rehearsal, joinAt } = this.#parts;
    const { relay, peer, title } = link;
    if (peer) {
      if (!joinAt) throw new AppError('unreachable', 'This program makes no connections. Nothing was changed.');
      const joining = await joinAt({ ...link, peer }, record);
      if (joining.kind === 'waits') return { ...joining, title };
      const { records, word } = joining;
      return this.#entering.run(async () => {
        this.#refuseTwice(link.workspace);
        const log = await WorkspaceLog.open(folder, device, clock, records);
        return { kind: 'joined', workspace: await this.#joined(log, null, { title, name }, word) };
      });
    }
    if (relay === null) throw new AppError('internal', 'A link leads neither to a relay nor to a computer.');
    const client = relayClient(relay, rehearsal.demandLinks);
    const records = await joinByLink({ device, clock, client }, { ...link, relay });
    return this.#entering.run(async () => {
      this.#refuseTwice(link.workspace);
      const log = await WorkspaceLog.open(folder, device, clock, records);
      return { kind: 'joined', workspace: await this.#joined(log, relay, { title, name }, null) };
    });
  }

  /** Asked again once the other end has answered: who joins, and a joining that waits, may come to it at one time. */
  #refuseTwice(id: string): void {
    const present = this.#open.get(id);
    if (!present) return;
    throw new AppError('already-exists', `You are in "${present.entry().title}" already. Nothing was changed.`);
  }

  async #joined(
    log: WorkspaceLog,
    relay: string | null,
    { title, name }: { readonly title: string; readonly name: string },
    word: Word | null,
  ): Promise<Workspace> {
    const { device, clock } = this.#parts;
    const member = log.membership.devices.get(device.id);
    if (member === undefined) {
      throw new AppError('internal', 'The joining was taken, and the list of members does not show it. Try again.');
    }
    const at = clock.now();
    return this.#finish(log, { member, relay, title, addedAt: at }, async () => {
      if (word) await log.settle(word);
      await this.#write(profileRoom(log.workspace, member), (doc) =>
        createProfile(doc, { title: name, createdBy: member, createdAt: at }),
      );
    });
  }

  /** Comes in as a further computer of a member: its documents, and the profile, come from the relay. */
  async enter(
    records: readonly string[],
    { relay, title }: { readonly relay: string | null; readonly title: string },
  ): Promise<Workspace> {
    const { folder, device, clock } = this.#parts;
    const log = await WorkspaceLog.open(folder, device, clock, records);
    const present = this.#open.get(log.workspace);
    if (present) {
      if (present.entry().mine === 'keyless') await present.comeBack(records);
      return present;
    }
    const member = log.membership.devices.get(device.id);
    if (member === undefined) {
      throw new AppError('not-allowed', 'This computer is not in the workspace. Nothing was changed.');
    }
    return this.#finish(log, { member, relay, title, addedAt: clock.now() }, async () => undefined);
  }

  /** Lets go of a workspace: closed, without rights, and its own files removed. Its rooms are removed before, by the caller. */
  async forget(id: string): Promise<void> {
    await removeWorkspaceFiles(this.#parts.folder, id);
    this.#open.delete(id);
    this.#parts.access.set(id, null);
    this.#removed.fire(id);
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((workspace) => workspace.close()));
    this.#added.clear();
    this.#removed.clear();
  }

  /** Files and documents first, the file that makes it a workspace last; a failure takes back what was written. */
  async #finish(log: WorkspaceLog, about: WorkspaceAbout, fill: () => Promise<void>): Promise<Workspace> {
    const { folder, access } = this.#parts;
    access.set(log.workspace, log);
    const listening = log.onChange(() => access.set(log.workspace, log));
    try {
      await log.store();
      await fill();
      await writeAbout(folder, log.workspace, about);
    } catch (error) {
      access.set(log.workspace, null);
      await removeUnfinished(folder, log.workspace);
      throw error;
    } finally {
      listening.dispose();
    }
    return this.#add(log, about);
  }

  async #write(room: string, change: Parameters<RoomDocuments['edit']>[1]): Promise<void> {
    await this.#parts.documents.edit(room, change);
    await this.#parts.catalogue.refresh(room);
  }

  async #add(log: WorkspaceLog, about: WorkspaceAbout): Promise<Workspace> {
    this.#parts.access.set(log.workspace, log);
    await this.#parts.catalogue.watch(log.workspace);
    const workspace = new Workspace(this.#parts, log, about);
    this.#open.set(workspace.id, workspace);
    this.#added.fire(workspace);
    return workspace;
  }
}

/** A workspace of the first kind, where whoever knew it could join, is closed by its owner; those who are there keep their parts. */
async function closeOpen(log: WorkspaceLog, { member, relay }: WorkspaceAbout): Promise<void> {
  const { membership } = log;
  if (membership.version !== 1 || membership.members.get(member)?.role !== 'owner') return;
  const url = relay !== null && isRecordableUrl(relay) ? relay : null;
  await log.append({ verb: 'relay.set', key: null, url });
}
