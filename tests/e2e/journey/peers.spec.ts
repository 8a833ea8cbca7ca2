// Two laptops without a relay. The hotel: no announcements get through; one shows a code, the other one enters it, and what was written apart arrives. And a team that never had a relay: one joins by a link to the other's laptop.
import { networkInterfaces } from 'node:os';
import { expect, test, type Page } from '@playwright/test';
import { sound } from '../sound-look.ts';
import { picture } from '../pictures.ts';
import { Person } from './person.ts';
import { caravan } from './programs.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

const alone = Object.values(networkInterfaces()).every((all) => (all ?? []).every(({ internal }) => internal));
const where = alone ? ' (needs a network: this machine has no address but its own)' : '';
const SKIPPED = 'SKIPPED: this machine has no address but its own, so there is none';

/** By the palette: opens the dialog for connecting. */
async function connectDialog(window: Page) {
  await window.keyboard.press('Control+k');
  await window.getByRole('combobox', { name: 'Search or jump' }).fill('two laptops');
  await expect(window.getByRole('option', { name: /Connect two laptops/ })).toBeVisible();
  await window.keyboard.press('Enter');
  const dialog = window.getByRole('dialog', { name: 'Connect two laptops' });
  await expect(dialog).toBeVisible();
  return dialog;
}

test(`[D5] [X12] two laptops without a relay: a code shown in one window is entered in the other, and a page arrives${where}`, async ({
  browser,
}) => {
  test.skip(alone, `${SKIPPED} to show with a code.`);
  const [ana, bo] = await stage.pair(browser);
  await ana.newPage('Everyone', 'Hotel');
  await expect(ana.status).toHaveAccessibleName(/Saved here, On relay/);
  await bo.open('Hotel');
  await stage.stopRelay();
  await ana.text.click();
  await ana.window.keyboard.type('Nobody on the network hears anybody.');
  await expect(ana.status).toHaveAccessibleName(/Saved here, Offline since/);

  // Both look for nobody, and are found by nobody.
  for (const { window } of [ana, bo]) {
    const page = window.url();
    await window.getByRole('button', { name: 'Settings' }).last().click();
    const nearby = window.getByRole('region', { name: 'Laptops nearby' });
    const find = nearby.getByRole('checkbox', { name: 'Find teammates’ computers on this network' });
    await find.focus();
    await window.keyboard.press('Space');
    await expect(nearby.getByText('Not looking')).toBeVisible();
    await expect(find).not.toBeChecked();
    await window.goto(page);
  }

  const shown = await connectDialog(ana.window);
  const address = (await shown.locator('.address').first().textContent()) ?? '';
  const code = (await shown.locator('.code [aria-hidden]').textContent()) ?? '';
  expect(address).toMatch(/:\d+$/);
  expect(code).toMatch(/^\w{4}-\w{4}$/);
  await expect(ana.window.getByRole('status').filter({ hasText: 'The code is' })).toContainText(
    [...code].slice(0, 4).join(' '),
  );
  await sound(ana.window, 'connect');
  await picture(ana.window, 'peers-code');

  const entering = await connectDialog(bo.window);
  await entering.getByRole('radio', { name: 'Show a code' }).focus();
  await bo.window.keyboard.press('ArrowRight');
  await expect(entering.getByRole('textbox', { name: 'Address, or the whole link' })).toBeVisible();
  await entering.getByRole('textbox', { name: 'Address, or the whole link' }).focus();
  await bo.window.keyboard.type(address);
  await bo.window.keyboard.press('Tab');
  await bo.window.keyboard.type('aaaa aaaa');
  await bo.window.keyboard.press('Enter');
  await expect(entering.getByRole('alert')).toContainText('did not let this one in. Nothing was changed.');
  await bo.window.keyboard.press('Control+a');
  await bo.window.keyboard.type(code.toLowerCase().replace('-', ' '));
  await bo.window.keyboard.press('Enter');
  await expect(entering).toContainText('is linked with this computer');
  await expect(shown).toContainText('is linked with this computer');
  await bo.window.keyboard.press('Escape');
  await ana.window.keyboard.press('Escape');
  await expect(bo.text).toContainText('Nobody on the network hears anybody.');

  // Who is here, from the foot of the sidebar.
  const foot = bo.window.getByRole('button', { name: '1 laptop nearby' });
  await foot.focus();
  await bo.window.keyboard.press('Enter');
  const list = bo.window.getByRole('list', { name: 'Computers beside this one' }).getByRole('listitem');
  await expect(list).toHaveText(/Ana.*by code, .*Linked since \d\d:\d\d/s);
  await sound(bo.window, 'nearby');
  await picture(bo.window, 'peers-list');
  await bo.window.keyboard.press('Escape');
  await expect(foot).toBeFocused();
  await bo.status.click();
  await expect(bo.window.getByRole('list', { name: 'Who has it' })).toContainText(/Ana.*, same network/s);
});

test(`[D5] [AH14] a team that has no relay: one joins by a link to the other’s laptop, while Caravan is open there${where}`, async ({
  browser,
}) => {
  test.skip(alone, `${SKIPPED} for an invitation.`);
  const ana = new Person('Ana', await stage.folders.make('ana'), browser);
  const bo = new Person('Bo', await stage.folders.make('bo'), browser);
  stage.people.push(ana, bo);
  await caravan(ana.data, 'init', '--name', 'Ana', '--workspace', 'Perigee');
  await Promise.all([ana.start(), bo.start()]);
  await ana.newPage('Everyone', 'Hut');
  await ana.window.keyboard.type('The key hangs behind the mast.');
  await expect(ana.status).toHaveAccessibleName(/Saved here, No relay/);

  await ana.window.keyboard.press('Control+k');
  await ana.window.getByRole('combobox', { name: 'Search or jump' }).fill('invite');
  await expect(ana.window.getByRole('option', { name: /^Invite/ }).first()).toBeVisible();
  await ana.window.keyboard.press('Enter');
  const inviting = ana.window.getByRole('dialog', { name: 'Invite somebody' });
  await expect(inviting).toContainText('the invitation leads to this computer');
  await inviting.getByRole('button', { name: 'Make the invitation' }).focus();
  await ana.window.keyboard.press('Enter');
  const made = ana.window.getByRole('dialog', { name: 'The invitation is made' });
  const link = await made.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toMatch(/^caravan:\/\/join#v=3&at=/);
  // Through the palette and both dialogs, the hands are back where they were.
  await ana.window.keyboard.press('Escape');
  await expect(made).toHaveCount(0);
  await expect(ana.text).toBeFocused();

  await ana.quit();
  await bo.window.getByLabel('Your name').fill('Bo');
  await bo.window.getByRole('radio', { name: /Join a workspace/ }).check();
  const field = bo.window.getByLabel('The link of the invitation');
  await field.fill(link);
  await expect(bo.window.getByRole('status').filter({ hasText: 'Perigee' })).toContainText('be on the same network');
  await bo.window.keyboard.press('Enter');
  await expect(bo.window.getByRole('alert')).toContainText('does not answer. Nothing was changed.');
  await expect(field).toBeFocused();

  await ana.start();
  await bo.window.keyboard.press('Enter');
  await expect(bo.treeItem('Hut')).toBeVisible();
  await bo.open('Hut');
  await expect(bo.text).toContainText('The key hangs behind the mast.');
  await expect(ana.window.getByRole('button', { name: '1 laptop nearby' })).toBeVisible();
});
