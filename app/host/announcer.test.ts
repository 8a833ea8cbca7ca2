// When windows are told the truths: as they are at that time, whatever was told before.
import { expect, test } from 'vitest';
import { FakeClock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { Announcement } from '../contract/calls.ts';
import { Announcer } from './announcer.ts';
import type { HostParts } from './call-handlers.ts';
import type { Workspace, WorkspacePart } from './workspace.ts';

test('[X8] what a window was told by a call is corrected, also when it is what was announced before', () => {
  // A window that asked while an edit was on its way to the relay heard "waiting". When the edit had arrived, the truths
  // were those of the last announcement again, nothing was announced, and the window showed "waiting" until the next edit.
  const clock = new FakeClock();
  const added = new Emitter<Workspace>();
  const changed = new Emitter<WorkspacePart>();
  let outbox: string[] = [];
  const workspace = { id: 'w', onChange: changed.event, truths: () => ({ outbox }) } as unknown as Workspace;
  const silent = new Emitter<never>();
  const announcer = new Announcer({
    clock,
    hub: { onStorage: silent.event },
    catalogue: { onChange: silent.event },
    jobs: { onChange: silent.event },
    workspaces: { onAdded: added.event, all: [workspace], entries: () => [] },
  } as unknown as Pick<HostParts, 'clock' | 'hub' | 'catalogue' | 'workspaces' | 'jobs'>);
  const told: unknown[] = [];
  announcer.onAnnouncement((announcement: Announcement) => {
    if (announcement.event === 'truths') told.push(announcement.truths);
  });
  added.fire(workspace);
  changed.fire('truths');
  clock.advance(100);
  outbox = ['w/s/page'];
  changed.fire('truths');
  outbox = [];
  changed.fire('truths');
  clock.advance(100);
  expect(told).toEqual([{ outbox: [] }, { outbox: [] }]);
  announcer.dispose();
  expect(clock.pending).toBe(0);
});
