// When windows are told the truths: as they are at that time, whatever was told before.
import { expect, test } from 'vitest';
import { FakeClock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { Announcement } from '../contract/calls.ts';
import { Announcer } from './announcer.ts';
import type { DocEntry } from '../contract/entities.ts';
import type { HostParts } from './call-handlers.ts';
import type { CatalogueChange } from './catalogue-index.ts';
import type { WorkspacePart } from './workspace-parts.ts';
import type { Workspace } from './workspace.ts';

/** Every part that an announcer listens to, saying nothing. */
function silentParts(clock: FakeClock, spoken: object): HostParts {
  const silent = { onChange: new Emitter<never>().event };
  const parts = {
    clock,
    hub: { onStorage: silent.onChange },
    guard: { aside: silent },
    history: { onSegment: silent.onChange },
    catalogue: silent,
    links: silent,
    landings: silent,
    digests: silent,
    threads: silent,
    people: silent,
    inbox: silent,
    overlaps: silent,
    nearby: silent,
    receipts: silent,
    search: silent,
    jobs: silent,
    attachments: { ...silent, onReferences: silent.onChange },
    workspaces: { onAdded: silent.onChange, onRemoved: silent.onChange, all: [], entries: () => [] },
    ...spoken,
  };
  return parts as unknown as HostParts;
}

function entry(id: string, title: string): DocEntry {
  const place = { space: 's', parent: null, order: 'a0', archived: false };
  return { id, room: `w/s/${id}`, kind: 'page', title, ...place, createdBy: null, createdAt: 1, changedAt: 1 };
}

test('twenty thousand documents of a first sync are told in few pieces, and all as they are at the end', () => {
  const clock = new FakeClock();
  const changed = new Emitter<CatalogueChange>();
  const announcer = new Announcer(
    silentParts(clock, {
      catalogue: { onChange: changed.event },
    }),
  );
  const shown = new Map<string, string>();
  let messages = 0;
  announcer.onAnnouncement((announcement: Announcement) => {
    if (announcement.event !== 'catalogue') return;
    messages += 1;
    expect(announcement.changed.length + announcement.removed.length).toBeLessThanOrEqual(500);
    for (const { id, title } of announcement.changed) shown.set(id, title);
    for (const id of announcement.removed) shown.delete(id);
  });
  const fire = (entries: readonly DocEntry[], removed: readonly string[] = []): void =>
    changed.fire({ workspace: 'w', changed: entries, removed, rows: [] });
  // What changes after a calm is told at once.
  fire([entry('p0', 'First')]);
  expect([messages, shown.get('p0')]).toEqual([1, 'First']);
  for (let at = 0; at < 20_000; at += 50) {
    fire(Array.from({ length: 50 }, (_, more) => entry(`p${at + more}`, `Page ${at + more}`)));
    clock.advance(20);
  }
  fire([entry('p7', 'Renamed')], ['p8']);
  fire([entry('p7', 'Renamed again')]);
  clock.advance(1_000);
  expect(shown.size).toBe(19_999);
  expect(shown.get('p7')).toBe('Renamed again');
  expect(shown.get('p19999')).toBe('Page 19999');
  expect(messages).toBeLessThan(70);
  clock.advance(1_000);
  announcer.dispose();
  expect(clock.pending).toBe(0);
});

test('[X8] what a window was told by a call is corrected, also when it is what was announced before', () => {
  // A window that asked while an edit was on its way to the relay heard "waiting". When the edit had arrived, the truths
  // were those of the last announcement again, nothing was announced, and the window showed "waiting" until the next edit.
  const clock = new FakeClock();
  const added = new Emitter<Workspace>();
  const changed = new Emitter<WorkspacePart>();
  let outbox: string[] = [];
  const silent = new Emitter<never>();
  const workspace = {
    id: 'w',
    onChange: changed.event,
    onReach: silent.event,
    truths: () => ({ outbox }),
  } as unknown as Workspace;
  const announcer = new Announcer(
    silentParts(clock, {
      workspaces: { onAdded: added.event, onRemoved: new Emitter<never>().event, all: [workspace], entries: () => [] },
    }),
  );
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

test('[SG19] history that came is told a moment later, once for each space', () => {
  const clock = new FakeClock();
  const segments = new Emitter<{ readonly workspace: string; readonly space: string; readonly number: number }>();
  const announcer = new Announcer(
    silentParts(clock, {
      history: { onSegment: segments.event },
    }),
  );
  const told: Announcement[] = [];
  announcer.onAnnouncement((announcement: Announcement) => told.push(announcement));
  for (const space of ['a', 'b', 'a', 'a']) segments.fire({ workspace: 'w', space, number: 1 });
  expect(told).toEqual([]);
  clock.advance(500);
  expect(told).toEqual([
    { event: 'sessions', workspace: 'w', space: 'a' },
    { event: 'sessions', workspace: 'w', space: 'b' },
  ]);
  segments.fire({ workspace: 'w', space: 'a', number: 2 });
  clock.advance(500);
  expect(told).toHaveLength(3);
  announcer.dispose();
  expect(clock.pending).toBe(0);
});
