// Turns what changes in a host into announcements for windows; several changes of one moment become one. It answers no call.
import { DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { Announcement } from '../contract/calls.ts';
import type { HostParts } from './call-handlers.ts';
import type { Workspace, WorkspacePart } from './workspace.ts';

/** Typing moves the outbox with every key; people read at most ten truths a second. */
const TRUTHS_EVERY = 100;
/** Entries of one announcement; a first sync brings thousands. */
const ENTRIES = 500;

export class Announcer implements Disposable {
  readonly #parts: Pick<HostParts, 'clock' | 'hub' | 'catalogue' | 'workspaces' | 'jobs'>;
  readonly #announced = new Emitter<Announcement>();
  readonly #held = new DisposableStore();
  readonly #timers = new Map<string, Disposable>();
  readonly onAnnouncement = this.#announced.event;

  constructor(parts: Pick<HostParts, 'clock' | 'hub' | 'catalogue' | 'workspaces' | 'jobs'>) {
    this.#parts = parts;
    const { catalogue, jobs, workspaces, hub } = parts;
    this.#held.add(jobs.onChange((announcement) => this.#announced.fire(announcement)));
    this.#held.add(
      catalogue.onChange(({ workspace, changed, removed }) => {
        for (let at = 0; at < Math.max(changed.length, removed.length); at += ENTRIES) {
          this.#announced.fire({
            event: 'catalogue',
            workspace,
            changed: changed.slice(at, at + ENTRIES),
            removed: removed.slice(at, at + ENTRIES),
          });
        }
      }),
    );
    this.#held.add(
      workspaces.onAdded((workspace) => {
        this.#held.add(workspace.onChange((part) => this.#tell(workspace, part)));
        this.#tell(workspace, 'about');
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
    }
  }

  #tellTruths(workspace: Workspace): void {
    if (this.#timers.has(workspace.id)) return;
    this.#timers.set(
      workspace.id,
      this.#parts.clock.after(TRUTHS_EVERY, () => {
        this.#timers.delete(workspace.id);
        // Also when they are those of the last time: a window may have asked in between and heard others.
        this.#announced.fire({ event: 'truths', workspace: workspace.id, truths: workspace.truths() });
      }),
    );
  }
}
