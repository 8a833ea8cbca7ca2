// Turns what changes in a host into announcements for windows; several changes of one moment become one. It answers no call.
import { DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { Announcement } from '../contract/calls.ts';
import type { DocEntry } from '../contract/entities.ts';
import { favouriteRoom } from './calls/favourite-calls.ts';
import type { BlobAt } from './attachments/blob-rows.ts';
import { asideEntries } from './calls/aside-calls.ts';
import type { HostParts } from './call-handlers.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import type { WorkspacePart } from './workspace-parts.ts';
import type { Workspace } from './workspace.ts';

/** Typing moves the outbox with every key; people read at most ten truths a second, and a long outbox is long to say. */
const TRUTHS_EVERY = 100;
const TRUTHS_AT_LEAST_EVERY = 2_000;
/** Of the outbox, a millisecond for so many. */
const SAID_PER_MILLISECOND = 10;
/**
 * The first change of the catalogue is told at once, those that follow together: each telling makes every window build its
 * trees anew. A millisecond for each entry just told, within these.
 */
const CATALOGUE_EVERY = 100;
const CATALOGUE_AT_LEAST_EVERY = 1_000;
const DIGEST_EVERY = 300;
const SESSIONS_EVERY = 500;
const PEERS_EVERY = 100;
/** Entries of one announcement; a first sync brings thousands. */
const ENTRIES = 500;

type AnnouncerParts = Pick<
  HostParts,
  | 'clock'
  | 'hub'
  | 'guard'
  | 'landings'
  | 'digests'
  | 'history'
  | 'catalogue'
  | 'links'
  | 'threads'
  | 'people'
  | 'search'
  | 'inbox'
  | 'overlaps'
  | 'nearby'
  | 'receipts'
  | 'attachments'
  | 'workspaces'
  | 'jobs'
  | 'logger'
>;

export class Announcer implements Disposable {
  readonly #parts: AnnouncerParts;
  readonly #announced = new Emitter<Announcement>();
  readonly #held = new DisposableStore();
  readonly #timers = new Map<string, Disposable>();
  /** What became different in each workspace's lists and was not told yet; null: gone from them. */
  readonly #untold = new Map<string, Map<string, DocEntry | null>>();
  readonly #untoldBlobs = new Map<string, Map<string, BlobAt>>();
  readonly onAnnouncement = this.#announced.event;

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
    const {
      guard,
      history,
      catalogue,
      links,
      threads,
      people,
      inbox,
      overlaps,
      jobs,
      workspaces,
      hub,
      attachments,
      landings,
      digests,
      receipts,
    } = parts;
    this.#held.add(jobs.onChange((announcement) => this.#announced.fire(announcement)));
    this.#held.add(
      catalogue.onChange(({ workspace, changed, removed, rows }) => {
        this.#tellFavourites(workspace, rows);
        this.#tellFacts(workspace, rows);
        const entries = this.#untold.get(workspace) ?? new Map<string, DocEntry | null>();
        for (const entry of changed) entries.set(entry.id, entry);
        for (const id of removed) entries.set(id, null);
        this.#untold.set(workspace, entries);
        if (!this.#timers.has(`catalogue ${workspace}`)) this.#tellCatalogue(workspace);
      }),
    );
    this.#held.add(
      links.onChange(({ workspace, targets }) => {
        const documents = [...targets].filter((target) => !target.startsWith('@'));
        if (documents.length === 0) return;
        this.#announced.fire({ event: 'links', workspace, documents: documents.length > ENTRIES ? [] : documents });
      }),
    );
    this.#held.add(
      threads.onChange(({ workspace, spaces }) => {
        this.#announced.fire({ event: 'threads', workspace, spaces: [...spaces] });
      }),
    );
    this.#held.add(people.onChange((workspace) => this.#announced.fire({ event: 'people', workspace })));
    this.#held.add(receipts.onChange((workspace) => this.#announced.fire({ event: 'receipts', workspace })));
    this.#held.add(parts.nearby.onChange((workspace) => this.#tellPeers(workspace)));
    this.#held.add(parts.search.onChange((workspace) => this.#announced.fire({ event: 'search', workspace })));
    this.#held.add(
      overlaps.onChange((workspace) => {
        this.#announced.fire({ event: 'overlaps', workspace, count: overlaps.count(workspace) });
      }),
    );
    this.#held.add(
      inbox.onChange((workspace) => {
        this.#announced.fire({ event: 'inbox', workspace, count: inbox.count(workspace) });
      }),
    );
    this.#held.add(
      workspaces.onAdded((workspace) => {
        this.#held.add(workspace.onChange((part) => this.#tell(workspace, part)));
        this.#held.add(
          workspace.onReach(({ space, readable }) => {
            const entries = this.#untold.get(workspace.id) ?? new Map<string, DocEntry | null>();
            for (const entry of catalogue.list(workspace.id, space)) entries.set(entry.id, readable ? entry : null);
            this.#untold.set(workspace.id, entries);
            if (!this.#timers.has(`catalogue ${workspace.id}`)) this.#tellCatalogue(workspace.id);
          }),
        );
        this.#tell(workspace, 'about');
      }),
    );
    this.#held.add(
      workspaces.onRemoved(() => this.#announced.fire({ event: 'workspaces', workspaces: workspaces.entries() })),
    );
    this.#held.add(
      guard.aside.onChange((room) => {
        const workspace = room.slice(0, room.indexOf('/'));
        this.#announced.fire({ event: 'aside', workspace, passages: asideEntries(guard.aside, workspace) });
      }),
    );
    this.#held.add(landings.onChange((workspace) => this.#announced.fire({ event: 'landed', workspace })));
    this.#held.add(digests.onChange((workspace) => this.#tellDigest(workspace)));
    this.#held.add(history.onSegment(({ workspace, space }) => this.#tellSessions(workspace, space)));
    this.#held.add(attachments.onChange((at) => this.#tellBlob(at)));
    this.#held.add(
      attachments.onReferences((ids) => {
        for (const workspace of workspaces.all) if (ids.has(workspace.id)) this.#tell(workspace, 'truths');
      }),
    );
    this.#held.add(
      hub.onStorage(() => {
        for (const workspace of workspaces.all) this.#tell(workspace, 'truths');
      }),
    );
  }

  dispose(): void {
    this.#held.dispose();
    for (const timer of this.#timers.values()) timer.dispose();
    this.#timers.clear();
    this.#announced.clear();
  }

  #tell(workspace: Workspace, part: WorkspacePart): void {
    switch (part) {
      case 'about':
        this.#announced.fire({ event: 'workspaces', workspaces: this.#parts.workspaces.entries() });
        return;
      case 'spaces':
        this.#announced.fire({ event: 'spaces', workspace: workspace.id, spaces: [...workspace.spaces()] });
        return;
      case 'members':
        this.#announced.fire({ event: 'members', workspace: workspace.id, members: [...workspace.members()] });
        return;
      case 'truths':
        this.#tellTruths(workspace);
        return;
      case 'holders':
        return; // Told when receipts have taken it in.
    }
  }

  /** Tells what is untold, and holds back what comes soon after. */
  #tellCatalogue(workspace: string): void {
    const entries = [...(this.#untold.get(workspace) ?? [])];
    this.#untold.delete(workspace);
    for (let at = 0; at < entries.length; at += ENTRIES) {
      const part = entries.slice(at, at + ENTRIES);
      this.#announced.fire({
        event: 'catalogue',
        workspace,
        changed: part.flatMap(([, entry]) => entry ?? []),
        removed: part.flatMap(([id, entry]) => (entry ? [] : id)),
      });
    }
    if (entries.length === 0) return;
    const wait = Math.min(CATALOGUE_AT_LEAST_EVERY, Math.max(CATALOGUE_EVERY, entries.length));
    const timer = `catalogue ${workspace}`;
    this.#timers.set(
      timer,
      this.#parts.clock.after(wait, () => {
        this.#timers.delete(timer);
        this.#tellCatalogue(workspace);
      }),
    );
  }

  #tellFavourites(id: string, rows: readonly CatalogueRow[]): void {
    const workspace = this.#parts.workspaces.all.find((one) => one.id === id);
    const room = workspace && favouriteRoom(workspace);
    const row = rows.find((one) => one.room === room);
    if (row) this.#announced.fire({ event: 'favourites', workspace: id, documents: [...row.favourites] });
  }

  /** What one person did in a while comes in several pieces, and is told once. */
  #tellSessions(workspace: string, space: string): void {
    const timer = `sessions ${workspace}/${space}`;
    if (this.#timers.has(timer)) return;
    this.#timers.set(
      timer,
      this.#parts.clock.after(SESSIONS_EVERY, () => {
        this.#timers.delete(timer);
        this.#announced.fire({ event: 'sessions', workspace, space });
      }),
    );
  }

  /** Somebody who comes is found, dialed and linked in a moment. */
  #tellPeers(workspace: string): void {
    const timer = `peers ${workspace}`;
    if (this.#timers.has(timer)) return;
    this.#timers.set(
      timer,
      this.#parts.clock.after(PEERS_EVERY, () => {
        this.#timers.delete(timer);
        this.#announced.fire({ event: 'peers', workspace, linked: this.#parts.nearby.linked(workspace) });
      }),
    );
  }

  /** While a landing is read it grows all the time. */
  #tellDigest(workspace: string): void {
    const timer = `digest ${workspace}`;
    if (this.#timers.has(timer)) return;
    this.#timers.set(
      timer,
      this.#parts.clock.after(DIGEST_EVERY, () => {
        this.#timers.delete(timer);
        this.#announced.fire({ event: 'digest', workspace, count: this.#parts.digests.count(workspace) });
      }),
    );
  }

  #tellFacts(workspace: string, rows: readonly CatalogueRow[]): void {
    const boards = new Set(rows.flatMap((row) => (row.kind === 'card' && row.parent !== null ? [row.parent] : [])));
    if (boards.size > 0) this.#announced.fire({ event: 'facts', workspace, documents: [...boards].slice(0, ENTRIES) });
  }

  /** Together what becomes different in a moment, as it is then. */
  #tellBlob({ workspace, space, blob }: BlobAt): void {
    const timer = `blobs ${workspace}`;
    const untold = this.#untoldBlobs.get(workspace) ?? new Map<string, BlobAt>();
    untold.set(`${space}/${blob}`, { workspace, space, blob });
    this.#untoldBlobs.set(workspace, untold);
    if (this.#timers.has(timer)) return;
    this.#timers.set(
      timer,
      this.#parts.clock.after(TRUTHS_EVERY, () => {
        this.#timers.delete(timer);
        this.#untoldBlobs.delete(workspace);
        void this.#tellBlobs(workspace, [...untold.values()].slice(0, ENTRIES));
      }),
    );
  }

  async #tellBlobs(workspace: string, blobs: readonly BlobAt[]): Promise<void> {
    const { attachments, workspaces, logger } = this.#parts;
    try {
      const states = await Promise.all(blobs.map((at) => attachments.state(at)));
      this.#announced.fire({ event: 'blob', workspace, blobs: states });
      const known = workspaces.find(workspace);
      if (known) this.#tell(known, 'truths');
    } catch (error) {
      // Whoever looks at one asks for it, and is told what is wrong.
      logger.log('warn', 'attachments-not-told', { error: String(error) });
    }
  }

  #tellTruths(workspace: Workspace): void {
    const timer = `truths ${workspace.id}`;
    if (this.#timers.has(timer)) return;
    const length = workspace.link?.waiting ?? 0;
    const wait = Math.min(TRUTHS_AT_LEAST_EVERY, Math.max(TRUTHS_EVERY, length / SAID_PER_MILLISECOND));
    this.#timers.set(
      timer,
      this.#parts.clock.after(wait, () => {
        this.#timers.delete(timer);
        // Also when they are those of the last time: a window may have asked in between and heard others.
        this.#announced.fire({ event: 'truths', workspace: workspace.id, truths: workspace.truths() });
      }),
    );
  }
}
