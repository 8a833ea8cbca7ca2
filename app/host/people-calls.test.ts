// Calls about people over a real host in a folder: whom one follows, profiles, the directory, who knows about something.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HostBench } from '../../tests/support/host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function station() {
  const folder = await bench.folder();
  const host = await bench.start(folder);
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [found] = await host.call('space.list', { workspace });
  return { folder, host, workspace, space: found?.id ?? '', member };
}

it('[PS11] whom and what I follow is there after a restart; nobody that is not known here is followed', async () => {
  const { folder, host, workspace, member } = await station();
  expect(await host.call('people.following', { workspace })).toEqual({ members: [], topics: [] });
  await host.call('people.follow', { workspace, member, follow: true });
  await host.call('people.follow', { workspace, topic: '#Antennas', follow: true });
  await expect(host.call('people.follow', { workspace, member: 'nobody', follow: true })).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(host.call('people.follow', { workspace, topic: ' # ', follow: true })).rejects.toMatchObject({
    code: 'bad-input',
  });
  await expect(host.call('people.follow', { workspace, follow: true })).rejects.toMatchObject({ code: 'bad-input' });
  await host.close();
  const again = await bench.start(folder);
  expect(await again.call('people.following', { workspace })).toEqual({ members: [member], topics: ['Antennas'] });
  await again.call('people.follow', { workspace, topic: 'antennas', follow: false });
  await again.call('people.follow', { workspace, member: 'nobody', follow: false });
  expect(await again.call('people.following', { workspace })).toEqual({ members: [member], topics: [] });
});
