// A page's published history written by its authors at two hosts that are linked, a session for each version; then the page's past is
// asked for who did what and for each version. It judges the past, not the text of today.
import { expect } from 'vitest';
import * as Y from 'yjs';
import { BoundState } from '../../app/renderer/editor/binding/bound-state.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { MemoryDocStore } from '../../shared/hub/memory-doc-store.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import type { NewBlock } from '../../shared/model/page/block.ts';
import { compareVersions } from '../../shared/model/page/compare-versions.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { restorePage } from '../../shared/model/page/restore-page.ts';
import { eventually } from '../support/eventually.ts';
import { linkHubs } from '../support/linked-hubs.ts';
import { ROOM, running, Window } from '../support/recording-hub.ts';
import { writeVersion, type PageHistory } from './history-replay.ts';

interface Written {
  readonly author: string;
  readonly blocks: string;
}

/** What is wrong with the past; [] when every author and every version is right. */
export async function askPast(history: PageHistory, most: number): Promise<string[]> {
  const hosts = [
    await running(new MemoryDocStore(), systemClock),
    await running(new MemoryDocStore(), systemClock),
  ] as const;
  const { link } = linkHubs(hosts[0].hub, () => hosts[1].hub, { workspace: 'ws' });
  link.start();
  const written: Written[] = [];
  let before: readonly NewBlock[] = [];
  let last = '[]';
  for (const [number, { author, text }] of history.versions.slice(0, most).entries()) {
    const next = parseMarkdown(text, { frontMatter: true }).blocks;
    // Authors have a host each in turn.
    const host = hosts[author.length % 2 === 0 ? 0 : 1];
    const window = await Window.open(host.hub, `${String(number)} ${author}`.slice(0, 60));
    // Deletions are in no state vector.
    await eventually(() => expect(shown(window.doc)).toBe(last));
    const editor = new BoundState(window.body);
    let changed = false;
    window.doc.on('update', () => (changed = true));
    writeVersion(editor, before, next);
    editor.dispose();
    await window.stored();
    last = shown(window.doc);
    if (changed) written.push({ author: `${String(number)} ${author}`.slice(0, 60), blocks: last });
    window.close();
    before = next;
    await host.history.settled();
    const now = Date.now();
    // Two versions in one millisecond would be one moment.
    await eventually(() => expect(Date.now()).toBeGreaterThan(now));
  }
  for (const { hub } of hosts) {
    const window = await Window.open(hub);
    await eventually(() => expect(shown(window.doc)).toBe(last));
    window.close();
  }
  await link.close();
  for (const { hash } of await hosts[1].history.segmentsAfter('ws', 'space', 0, 10_000)) {
    await hosts[0].history.addSegment('ws', hash, (await hosts[1].history.readSegment('ws', hash))!, ROOM);
  }
  return faultsOf(hosts[0].history, written, await Window.open(hosts[0].hub));
}

async function faultsOf(
  history: Awaited<ReturnType<typeof running>>['history'],
  written: readonly Written[],
  window: Window,
): Promise<string[]> {
  const sessions = await history.sessionsOf(ROOM);
  const past = await history.pastOf(ROOM, sessions, undefined);
  const faults: string[] = [];
  const docAt = (time: number): Y.Doc => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, past.stateAt(time).update);
    return doc;
  };
  try {
    if (sessions.length !== written.length) {
      faults.push(`${String(sessions.length)} sessions of ${String(written.length)}`);
    }
    for (const [at, session] of sessions.entries()) {
      const version = written[at];
      if (session.device !== version?.author) faults.push(`session ${String(at)}: ${session.device}`);
      const [earlier, later] = [docAt(session.startedAt - 1), docAt(session.endedAt)];
      if (shown(later) !== version?.blocks) faults.push(`version ${String(at)} is not what was written`);
      const who = {
        brought: (client: number, clock: number) => past.brought.at(client, clock),
        deleted: (client: number, clock: number) => past.deleted.at(client, clock),
        otherwise: at,
      };
      for (const { change, by, pieces } of compareVersions(earlier, later, who)) {
        const named = [
          ...(change === 'in' || change === 'out' ? [by] : []),
          ...pieces.filter((one) => one.change === 'in' || one.change === 'out').map((one) => one.by),
        ];
        for (const one of named)
          if (one !== at) faults.push(`version ${String(at)}: by ${sessions[one]?.device ?? 'nobody'}`);
      }
      restorePage(window.doc, later, 'restore');
      if (shown(window.doc) !== version?.blocks) faults.push(`version ${String(at)} was not restored`);
      earlier.destroy();
      later.destroy();
    }
    return faults;
  } finally {
    past.dispose();
    window.close();
  }
}

function shown(doc: Y.Doc): string {
  return JSON.stringify(readBlocks(bodyOf(doc)));
}
