// Where everything is, in a real window: a colleague and the relay go and come, and each kind of document says who has it and what waits.
import { join } from 'node:path';
import { expect, test } from './app-window.ts';
import { linkNow } from './host-call.ts';
import { caravan, startHost, startRelay } from './journey/programs.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

test('[D2] [X8] the ring, who has it and who has my edits, and what waits of every kind, while a colleague and the relay go and come', async ({
  app,
  folder,
}) => {
  const { page } = app;
  const status = (what: string) => page.getByRole('button', { name: new RegExp(`^Where this ${what} is`) });
  const [relayData, boData] = [join(folder, 'relay'), join(folder, 'bo')];
  let relay = await startRelay(relayData, 0);
  const port = Number(new URL(relay.url).port);
  await app.firstRun();
  await app.newPage('Dish');
  const workspace = new URL(page.url()).hash.split('/')[2] ?? '';
  const [space] = await app.call('space.list', { workspace });
  const place = { workspace, space: space!.id };
  const { link } = await app.call('relay.attach', { workspace, url: relay.url });
  await caravan(boData, 'join', link, '--name', 'Bo Hansen');
  let bo = await startHost(boData);
  try {
    await expect(status('page')).toHaveAccessibleName(/Saved here, On relay, Held by 2 of 2/, { timeout: 20_000 });

    await bo.stop();
    await app.text.click();
    await page.keyboard.type('He has not got this.');
    await expect(status('page')).toHaveAccessibleName(/Saved here, On relay, Held by 1 of 2/, { timeout: 10_000 });
    await status('page').click();
    const panel = page.getByRole('dialog', { name: 'Where this page is' });
    const people = panel.getByRole('list', { name: 'Who has it' }).getByRole('listitem');
    await expect(people).toHaveText([
      /Mira Okafor.*this computer.*all of it/s,
      /Bo Hansen.*has yours( in part| up to).*not yet/s,
    ]);
    const edits = panel.getByRole('list', { name: 'Your edits at this computer' });
    await expect(edits).toContainText(
      /Your edits (at|of) \d\d:\d\d.*On relay \(\d\d:\d\d\).*Bo Hansen’s .*( up to | in part)/s,
    );
    await expect(panel).toContainText(/Waiting to leave this computer\s*Nothing/);
    await picture(page, 'receipts');
    await status('page').click();
    await status('page').click();
    await sound(page, 'receipts');
    await page.keyboard.press('Escape');

    await relay.stop();
    await page.keyboard.press('Escape');
    await app.text.click();
    await page.keyboard.type(' Nor has the relay.');
    const thread = await app.call('thread.begin', { ...place, type: 'question', title: 'Doppler lag', text: 'Why?' });
    const board = await app.call('doc.create', { ...place, kind: 'board', title: 'Antenna build', parent: null });
    await page.goto(new URL(`/#/w/${workspace}/d/${board.id}`, page.url()).href);
    await page.getByRole('button', { name: 'New card' }).first().click();
    await page.keyboard.type('Weld the mount');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: /^Weld the mount/ }).click();
    const card = page.getByRole('complementary', { name: 'Card' });
    await card.getByRole('textbox', { name: /comment/i }).fill('With two passes.');
    await page.keyboard.press('Control+Enter');
    await expect(status('card')).toHaveAccessibleName(
      /Saved here, Offline since \d\d:\d\d, \d waiting, Held by 1 of 2/,
    );

    // By keyboard, from anywhere: everything that is nowhere else, each opens.
    const foot = page.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name: /^Offline since/ });
    await expect(foot).toHaveText(/4 waiting/);
    await foot.focus();
    await page.keyboard.press('Enter');
    const outbox = page.getByRole('dialog', { name: 'Waiting to leave this computer' });
    const waiting = outbox.getByRole('list', { name: 'Waiting to leave this computer' });
    await expect(waiting.getByRole('button')).toHaveText([
      'Dish',
      'Doppler lag',
      'Antenna build',
      'A card on Antenna build',
    ]);
    await expect(waiting).toContainText('Everyone');
    await picture(page, 'outbox');
    await sound(page, 'outbox');
    await waiting.getByRole('button', { name: 'Doppler lag' }).click();
    await expect(outbox).toHaveCount(0);
    await expect(status('discussion')).toHaveAccessibleName(/Saved here, Offline since/);
    expect(page.url()).toContain(thread.id);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('what waits');
    await expect(page.getByRole('option', { selected: true })).toContainText('What waits');
    await page.keyboard.press('Enter');
    await waiting.getByRole('button', { name: 'A card on Antenna build' }).click();
    await expect(card).toBeVisible();
    await expect(status('board')).toHaveAccessibleName(/Saved here, Offline since .* waiting, Held by 1 of 2/);

    // What was known is known after a crash, with its time, though nobody can be asked.
    await app.killHost();
    await app.startHost();
    await page.getByRole('treeitem', { name: /^Dish, waiting/ }).click();
    await expect(app.title).toHaveValue('Dish');
    await expect(status('page')).toHaveAccessibleName(/Saved here, Offline since .* waiting, Held by 1 of 2/, {
      timeout: 20_000,
    });
    await status('page').click();
    await expect(panel).toContainText(/As of \d\d:\d\d, before you went offline at \d\d:\d\d\./);
    await expect(edits).toContainText(/On relay( up to| in part).*Bo Hansen’s .*( up to | in part)/s);
    await picture(page, 'receipts-offline');
    await page.keyboard.press('Escape');

    [relay, bo] = await Promise.all([startRelay(relayData, port), startHost(boData)]);
    await linkNow(page);
    await expect(status('page')).toHaveAccessibleName(/Saved here, On relay, Held by 2 of 2/, { timeout: 40_000 });
    await status('page').click();
    await expect(edits).toContainText(/On relay \(\d\d:\d\d\).*Bo Hansen’s .*\(\d\d:\d\d\)/s);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'People' }).click();
    await page.getByRole('main').getByText('Mira Okafor').first().click();
    await expect(status('profile')).toHaveAccessibleName(/Saved here, On relay, Held by 2 of 2/, { timeout: 10_000 });
  } finally {
    await bo.stop();
    await relay.stop();
  }
});
