// Ready for travel in a real window: what is lost is listed with who has it, fetched by a press, and trying out how it is to be offline is never forgotten.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app-window.ts';
import { linkNow } from './host-call.ts';
import { caravan, startRelay } from './journey/programs.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

/** What a browser shows as a film by its first bytes; it need not play. */
const FILM = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isom', 'latin1'), Buffer.alloc(900_000, 7)]);

test('[D4] [TR4] [TR7] [TR9] [TR10] what is not here stands with its holder and comes by a press; with all links off everything opens, and the window says that they are', async ({
  app,
  folder,
}) => {
  const { page } = app;
  const [relayData, boData, notes] = [join(folder, 'relay'), join(folder, 'bo'), join(folder, 'notes')];
  let relay = await startRelay(relayData, 0);
  const port = Number(new URL(relay.url).port);
  await app.firstRun();
  const workspace = new URL(page.url()).hash.split('/')[2] ?? '';
  const { link } = await app.call('relay.attach', { workspace, url: relay.url });
  const [everyone] = await app.call('space.list', { workspace });
  await caravan(boData, 'join', link, '--name', 'Bo Hansen');
  await mkdir(notes);
  await writeFile(join(notes, 'Doppler lag.md'), '# Doppler lag\n\n![](pass.mp4)\n\n[site survey](site-survey.pdf)\n');
  await writeFile(join(notes, 'pass.mp4'), FILM);
  await writeFile(join(notes, 'site-survey.pdf'), Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(40_000, 3)]));
  await caravan(boData, 'import', 'markdown', notes, '--space', everyone!.id);
  await caravan(boData, 'sync', '--wait');
  await expect(app.row('Doppler lag')).toBeVisible();
  const check = () => app.call('travel.check', { workspace });
  await expect.poll(async () => (await check()).ready, { timeout: 20_000 }).toBe(true);

  // The relay is away, and both files are gone behind the program's back.
  await relay.stop();
  const blobs = join(app.data, 'blobs', workspace);
  for (const name of await readdir(blobs)) if (name.length === 2) await rm(join(blobs, name), { recursive: true });
  await expect(page.getByRole('button', { name: /Offline since/ })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Ready for trav');
  await page.getByRole('option', { name: /^Ready for travel/ }).waitFor();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nearly ready: 2 things are not here yet');
  const missing = page.getByRole('region', { name: 'Not here' }).getByRole('listitem');
  await expect(missing).toHaveText([
    /site-survey\.pdf.*Doppler lag.*Bo Hansen’s.*40 kB.*Wanted/s,
    /pass\.mp4.*Doppler lag.*Bo Hansen’s.*879 kB.*Wanted/s,
  ]);
  await expect(page.getByText(/As far as this computer knows, up to \d\d:\d\d\./)).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'On this computer' })).toHaveAttribute('aria-valuenow', /^\d$/);
  await app.call('travel.pause', { workspace });
  await expect(missing.getByRole('button', { name: /^Fetch pass\.mp4, paused/ })).toBeVisible();
  await picture(page, 'travel');
  await sound(page, 'ready for travel');

  relay = await startRelay(relayData, port);
  await linkNow(page);
  await expect(page.getByRole('button', { name: 'Relay', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Fetch all' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ready for travel', { timeout: 20_000 });
  const here = page.getByRole('region', { name: 'Here', exact: true }).getByRole('listitem');
  await expect(here).toHaveText([/Complete:.*Everyone.*1 page, 2 files.*kB/s, /People, and what is yours alone/]);

  // Some spaces, by keyboard.
  await page.getByRole('button', { name: 'Choose what you take along' }).click();
  const dialog = page.getByRole('dialog', { name: 'What you take along' });
  await dialog.getByRole('radio', { name: 'What I follow' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(dialog.getByRole('checkbox', { name: 'Everyone' })).toBeChecked();
  await picture(page, 'travel-choice');
  await dialog.getByRole('button', { name: 'Take along' }).click();
  await expect(page.getByText(/^What you chose, with its files\./)).toBeVisible();

  // Others are told that one is away; the keys stay on the button, which takes it back. A time that is over is none.
  const go = page.getByRole('complementary', { name: 'Before you go' });
  const member = (await app.call('workspace.members', { workspace })).find(({ me }) => me)!.id;
  const status = async () => (await app.call('people.profile', { workspace, member })).person.status;
  await go.getByRole('button', { name: 'Say that you are away' }).focus();
  await page.keyboard.press('Enter');
  await expect(go.getByText(/^Your status: Away, until .*18:00$/)).toBeVisible();
  expect(await status()).toMatchObject({ text: 'Away' });
  await expect(go.getByRole('button', { name: 'Take the status away' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(go.getByRole('button', { name: 'Say that you are away' })).toBeFocused();
  expect(await status()).toBeNull();
  await go.getByRole('button', { name: 'Snooze the inbox until then' }).click();
  await expect(page.getByText('Nothing new is in your inbox.')).toBeVisible();
  await go.getByLabel('You are back').fill('2024-02-29T18:00');
  await expect(go.getByRole('status')).toHaveText('Say a time that is still to come.');
  await expect(go.getByRole('button', { name: 'Say that you are away' })).toHaveAttribute('aria-disabled', 'true');

  await page.getByRole('button', { name: 'Rehearse offline' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('note', { name: 'All links are off' })).toBeVisible();
  const off = page
    .getByRole('navigation', { name: 'Workspace' })
    .getByRole('button', { name: /^All links are off\s*Turn on/ });
  await expect(off).toBeVisible();
  await picture(page, 'travel-rehearsal');
  await app.visit('Doppler lag');
  await expect(page.getByText('site-survey.pdf')).toBeVisible();
  // Where the sidebar has no room the window says it over what it shows.
  await page.setViewportSize({ width: 700, height: 800 });
  await expect(page.getByRole('note', { name: 'All links are off' })).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 800 });
  const film = (await app.call('doc.markdown', { workspace, document: page.url().split('/d/')[1] ?? '' })).markdown;
  const blob = /blob:([0-9a-f]{64})/.exec(film)?.[1] ?? '';
  const piece = await page.evaluate(async (url) => {
    const answer = await fetch(url, { headers: { range: 'bytes=100000-100099' } });
    return [answer.status, answer.headers.get('content-type'), (await answer.arrayBuffer()).byteLength];
  }, `/blob/${workspace}/${everyone!.id}/${blob}`);
  expect(piece).toEqual([206, 'video/mp4', 100]);
  await off.click();
  await expect(off).toHaveCount(0);
  await expect.poll(async () => (await app.call('workspace.truths', { workspace })).link.state).toBe('online');
  await relay.stop();
});
