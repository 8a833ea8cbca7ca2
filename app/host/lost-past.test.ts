// What a guest may still read of the past of pages that they hold: nothing of a space that was lost, all of it after leaving altogether. AH9, AH12.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { AccessBody } from '../../shared/access/identity.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import { HostBench } from '../../tests/support/host.ts';
import { LogWriter } from '../../tests/support/log-writer.ts';

const HOUR = 3_600_000;

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** A guest of two spaces, without a relay, who wrote a page in each, and an hour later more of it. */
async function guest() {
  const clock = new FakeClock();
  const host = await bench.start(await bench.folder(), { clock, links: false });
  const log = new LogWriter();
  const owner = await log.create();
  const spaces = [await log.space(owner), await log.space(owner)];
  const invite = await log.invite(
    owner,
    'guest',
    spaces.map((space) => ({ space, role: 'guest' as const })),
  );
  const { device } = host.parts;
  await log.add(device, await log.joinBody(device, invite));
  const workspace = await log.workspace();
  await host.parts.workspaces.enter([...log.records], { relay: 'ws://127.0.0.1:1', title: 'Perigee' });
  const pages = [];
  for (const space of spaces) {
    const page = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Early', parent: null });
    pages.push({ ...page, space });
  }
  clock.advance(HOUR / 2);
  const early = clock.now();
  clock.advance(HOUR / 2);
  for (const { id } of pages) await host.call('doc.rename', { workspace, document: id, title: 'Late' });
  clock.advance(HOUR);
  const { member } = host.parts.workspaces.get(workspace).about;
  const decide = async (body: AccessBody): Promise<void> => {
    await log.add(owner.key, body);
    await host.parts.workspaces.get(workspace).log.adopt([...log.records]);
  };
  return { host, workspace, member, early, decide, lost: pages[0]!, kept: pages[1]! };
}

type Guest = Awaited<ReturnType<typeof guest>>;

/** Every way into the past of a page. */
function looks({ host, workspace, early }: Guest, document: string) {
  const session = 'unknown';
  return {
    'doc.showAt': () => host.call('doc.showAt', { workspace, document, at: early }),
    'doc.history': () => host.call('doc.history', { workspace, document }),
    'doc.show': () => host.call('doc.show', { workspace, document }),
    'doc.markdown': () => host.call('doc.markdown', { workspace, document }),
    'page.sessions': () => host.call('page.sessions', { workspace, document }),
    'page.version': () => host.call('page.version', { workspace, document, session, against: 'before' }),
    'page.past': () => host.call('page.past', { workspace, document, session, side: 'after' }),
    'recovered.list': () => host.call('recovered.list', { workspace, document, long: true, again: false }),
    'seen.of': () => host.call('seen.of', { workspace, document }),
  };
}

async function titleThen({ host, workspace, early }: Guest, document: string): Promise<unknown> {
  return (await host.call('doc.showAt', { workspace, document, at: early })).title;
}

async function sessions({ host, workspace }: Guest, document: string): Promise<number> {
  const asked = await host.call('page.sessions', { workspace, document });
  return asked.state === 'ready' ? asked.sessions.length : -1;
}

describe('the past of pages that a guest holds', () => {
  it('[AH9] [AH12] of a space that was lost is shown by no call, lies on the disk, and is whole again with the space', async () => {
    const made = await guest();
    const { host, workspace, member, decide, lost, kept } = made;
    expect(await titleThen(made, lost.id)).toBe('Early');
    const before = await sessions(made, lost.id);
    expect(before).toBeGreaterThan(0);

    await decide({ verb: 'space.revoke', space: lost.space, member });
    for (const [name, look] of Object.entries(looks(made, lost.id))) {
      await expect(look(), name).rejects.toMatchObject({ code: 'not-found' });
    }
    // Where they are a guest still, it is as it was; and of both the bytes are kept.
    expect(await titleThen(made, kept.id)).toBe('Early');
    const doc = new Y.Doc();
    Y.applyUpdate(doc, new RoomBytes(await host.parts.store.load(lost.room)).diff(new Uint8Array([0])));
    expect(doc.getText('title').toJSON()).toBe('Late');
    const totals = await host.call('history.totals', {});

    await decide({ verb: 'space.grant', space: lost.space, member, role: 'viewer', until: null });
    expect(await titleThen(made, lost.id)).toBe('Early');
    expect(await sessions(made, lost.id)).toBe(before);
    expect(await host.call('history.totals', {})).toEqual(totals);
    await expect(host.call('doc.rename', { workspace, document: lost.id, title: 'Taken back' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });

  it('[AH9] of a workspace that one was taken out of is read on as far as it came, and nothing is written into it', async () => {
    const made = await guest();
    const { host, workspace, member, decide, lost, kept } = made;
    const before = await sessions(made, lost.id);
    await decide({ verb: 'member.remove', member });
    for (const { id } of [lost, kept]) {
      expect(await titleThen(made, id)).toBe('Early');
      expect((await host.call('doc.show', { workspace, document: id })).title).toBe('Late');
      expect(await sessions(made, id)).toBe(before);
      await expect(host.call('doc.rename', { workspace, document: id, title: 'No' })).rejects.toMatchObject({
        code: 'not-allowed',
      });
    }
  });
});
