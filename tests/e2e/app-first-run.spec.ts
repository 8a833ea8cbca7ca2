// The first window: a workspace in a new empty folder, by keyboard alone; slips are said beside their field.
import { join } from 'node:path';
import { App, expect, test } from './app-window.ts';
import { startHost, startRelay } from './journey/programs.ts';

test('[X6] creates a workspace by keyboard alone, with no account', async ({ app }) => {
  const { page } = app;
  await expect(page.getByLabel('Your name')).toBeFocused();
  await page.keyboard.type('Mira Okafor');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('radio', { name: /Start a workspace/ })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type('Perigee');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'No pages yet' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Workspace' })).toContainText('Perigee');
  await expect(page.getByRole('navigation', { name: 'Workspace' })).toContainText('Mira Okafor');
  const members = await app.call('workspace.members', { workspace: (await app.call('hello', {})).workspaces[0]!.id });
  expect(members).toMatchObject([{ name: 'Mira Okafor', role: 'owner', me: true }]);
});

test('[X6] the address works once: a copy of it opens nothing and says what to do', async ({ app, browser }) => {
  const used = await browser.newContext();
  const stranger = await used.newPage();
  await stranger.goto(new URL('/#token=abcdefghijklmnopqrstuvwxyz', app.page.url()).href);
  await expect(stranger.getByRole('heading', { name: 'This window has no key' })).toBeVisible();
  await expect(stranger.getByText('Start Caravan again')).toBeVisible();
  await used.close();
});

test('[X10] what is missing or wrong is said beside its field, and nothing is made', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText('Your team needs a name to see. A first name is enough.');
  await expect(page.getByLabel('Your name')).toBeFocused();
  await page.keyboard.type('Bo');
  await page.getByRole('radio', { name: /Join a workspace/ }).check();
  await page.getByLabel('The link of the invitation').fill('hello');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('This is not a link.');
  // A relay that nobody listens at: port 1 is never one.
  const link = 'caravan://join#v=1&relay=ws%3A%2F%2F127.0.0.1%3A1&workspace=AAAAAAAAAAAAAAAAAAAAAA&title=Perigee';
  await page.getByLabel('The link of the invitation').fill(link);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).not.toContainText('This is not a link.');
  await expect(page.getByRole('alert')).not.toBeEmpty();
  expect((await app.call('hello', {})).workspaces).toEqual([]);
});

test('[X6] joins by the link of an invitation, and finds what the first person wrote', async ({
  app,
  browser,
  folder,
}) => {
  const relay = await startRelay(join(folder, 'relay'), 0);
  const data = join(folder, 'second');
  const host = await startHost(data);
  const context = await browser.newContext();
  try {
    await app.firstRun();
    await app.newPage('Dish alignment');
    await app.page.keyboard.press('Enter');
    await app.page.keyboard.type('The encoder lies when it is cold.');
    const workspace = (await app.call('hello', {})).workspaces[0]!.id;
    const { link } = await app.call('relay.attach', { workspace, url: relay.url });
    await expect(app.status).toHaveAccessibleName(/On relay/);

    const second = new App(await context.newPage(), data, host);
    await second.open();
    await second.page.getByLabel('Your name').fill('Ana Torres');
    await second.page.getByRole('radio', { name: /Join a workspace/ }).check();
    await second.page.getByLabel('The link of the invitation').fill(link);
    await second.page.getByRole('button', { name: 'Join', exact: true }).click();
    await expect(second.page.getByRole('navigation', { name: 'Workspace' })).toContainText('Perigee');
    await expect(second.page.getByRole('navigation', { name: 'Workspace' })).toContainText('Ana Torres');
    await second.visit('Dish alignment');
    await expect(second.text).toContainText('The encoder lies when it is cold.');
  } finally {
    await context.close();
    await host.stop();
    await relay.stop();
  }
});
