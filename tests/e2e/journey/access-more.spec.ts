// What people decide once and seldom: entering and quitting a space, archiving it, purging, handing over, leaving, erasing, restoring.
import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { picture } from '../pictures.ts';
import { foundByCalls, go, joinBy, menuOf } from './access-steps.ts';
import { Person } from './person.ts';
import { registrationKey, startClosedRelay } from './programs.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
const { folders, people } = stage;
test.afterEach(() => stage.clear());

async function newPerson(name: string, browser: Browser): Promise<Person> {
  const person = new Person(name, await folders.make(name.toLowerCase()), browser);
  people.push(person);
  await person.start();
  return person;
}

async function spaceMenu(page: Page, space: string, item: string): Promise<void> {
  await go(page, 'Spaces');
  await page
    .getByRole('main')
    .getByRole('button', { name: `More for ${space}` })
    .click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('[X6] [X10] [X13] [X14] what is decided seldom: spaces, purging, handing over, a backup, leaving and erasing', async ({
  browser,
}) => {
  test.setTimeout(100_000);
  const relayData = await folders.make('relay');
  stage.relay = await startClosedRelay(relayData, 0);
  const mira = await newPerson('Mira', browser);
  await foundByCalls(mira, stage.relay.url, await registrationKey(relayData));
  const { window } = mira;

  const bo = await newPerson('Bo', browser);
  await test.step('an invitation is saved as a file, and joined by', async () => {
    await go(window, 'People');
    await window.getByRole('button', { name: 'Invite', exact: true }).click();
    await window.getByRole('button', { name: 'Make the invitation' }).click();
    await expect(window.getByRole('button', { name: 'Copy' })).toBeFocused();
    await picture(window, 'more-invite-made');
    const saved = window.waitForEvent('download');
    await window.getByRole('button', { name: 'Save as a file' }).click();
    const download = await saved;
    const file = join(await folders.make('file'), download.suggestedFilename());
    await download.saveAs(file);
    await window.getByRole('button', { name: 'Done' }).click();
    await joinBy(bo, 'Bo Hansen', (page) => page.locator('input[type=file]').setInputFiles(file));
    await bo.open('Dish alignment');
    await picture(bo.window, 'more-joined');
  });

  await test.step('[X13] an open space is entered, quit, and entered again by the toast', async () => {
    await go(window, 'Spaces');
    await window.getByRole('main').getByRole('button', { name: 'New space' }).click();
    await window.getByRole('dialog').getByLabel('Name').fill('Kitchen');
    await window.getByRole('button', { name: 'Make the space' }).click();
    await mira.newPage('Kitchen', 'Bread');
    await window.keyboard.type('Salt, then wait.');
    await go(bo.window, 'Spaces');
    await bo.window.getByRole('button', { name: 'Enter Kitchen' }).click();
    await bo.open('Bread');
    await expect(bo.text).toContainText('Salt, then wait.');
    await spaceMenu(bo.window, 'Kitchen', 'Leave the space');
    await expect(bo.window.getByText('You left Kitchen.')).toBeVisible();
    await picture(bo.window, 'more-quit');
    await expect(bo.treeItem('Bread')).toHaveCount(0);
    await bo.window.getByRole('button', { name: 'Enter again' }).click();
    await bo.open('Bread');
    await expect(bo.text).toHaveAttribute('contenteditable', 'true');
  });

  await test.step('a space is archived: everybody goes on reading it', async () => {
    await spaceMenu(window, 'Kitchen', 'Archive the space…');
    await expect(window.getByRole('button', { name: 'Keep it open' })).toBeFocused();
    await picture(window, 'more-archive-space');
    await window.getByRole('button', { name: 'Archive', exact: true }).click();
    await expect(window.getByRole('heading', { name: 'Closed' })).toBeVisible();
    await picture(window, 'more-archived-space');
    await expect(bo.window.getByRole('note', { name: 'Read only' })).toContainText('This space is archived');
    await expect(bo.text).toContainText('Salt, then wait.');
    await expect(bo.window.getByRole('button', { name: /^Closed spaces/ })).toHaveAttribute('aria-expanded', 'true');
    await picture(bo.window, 'more-archived-page');
  });

  await test.step('a page in the trash is purged for everybody', async () => {
    await mira.newPage('Everyone', 'Old draft');
    await expect(bo.treeItem('Old draft')).toBeVisible();
    await mira.treeItem('Old draft').press('Delete');
    await expect(bo.treeItem('Old draft')).toHaveCount(0);
    await window.getByRole('button', { name: 'More for Everyone' }).click();
    await window.getByRole('menuitem', { name: 'Trash' }).click();
    await picture(window, 'more-archive');
    await window.getByRole('button', { name: 'Purge Old draft' }).click();
    await expect(window.getByRole('dialog')).toContainText('every computer of this workspace drop the page');
    await picture(window, 'more-purge');
    await window.getByRole('button', { name: 'Purge', exact: true }).click();
    await expect(window.getByRole('heading', { name: 'Nothing is in the trash' })).toBeVisible();
    await bo.window.getByRole('button', { name: 'More for Everyone' }).click();
    await bo.window.getByRole('menuitem', { name: 'Trash' }).click();
    await expect(bo.window.getByRole('heading', { name: 'Nothing is in the trash' })).toBeVisible();
  });

  await test.step('the owner cannot just go; the workspace is handed over', async () => {
    await go(window, 'Settings');
    await window.getByRole('button', { name: 'Leave this workspace…' }).click();
    await expect(window.getByRole('dialog')).toContainText('Hand it over first');
    await picture(window, 'more-leave-owner');
    await window.getByRole('button', { name: 'Show people' }).click();
    await menuOf(window, 'Bo Hansen', 'Hand the workspace over…');
    await picture(window, 'more-hand-over');
    await window.getByRole('button', { name: 'Hand over', exact: true }).click();
    await expect(window.getByText('Bo Hansen owns the workspace now.')).toBeVisible();
    await go(bo.window, 'People');
    await expect(bo.window.getByRole('listitem').filter({ hasText: 'Bo Hansen' })).toContainText('Owner');
    await picture(bo.window, 'more-owner-now');
  });

  await test.step('[X14] a backup is made and brought back on a computer that has nothing', async () => {
    const backup = join(await folders.make('backup'), 'copy');
    await go(bo.window, 'Settings');
    await bo.window.getByLabel('Folder for the backup').fill(backup);
    await bo.window.getByRole('button', { name: 'Back up now' }).click();
    await expect(bo.window.getByRole('status').filter({ hasText: backup })).toBeVisible();
    await picture(bo.window, 'more-backup');
    const copy = await newPerson('Copy', browser);
    await copy.window.getByRole('button', { name: 'Restore a backup' }).click();
    await copy.window.getByLabel('Folder of the backup').fill(join(backup, 'nothing'));
    await copy.window.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(copy.window.getByRole('alert')).toBeVisible();
    await picture(copy.window, 'more-restore-wrong');
    await copy.window.getByLabel('Folder of the backup').fill(backup);
    await copy.window.getByRole('button', { name: 'Restore', exact: true }).click();
    await copy.open('Dish alignment');
    await expect(copy.text).toContainText('The encoder lies when it is cold.');
    await picture(copy.window, 'more-restored');
  });

  await test.step('[X10] [X13] who leaves reads what would be lost, takes a copy along, and deletes the rest later', async () => {
    await go(window, 'Settings');
    await window.getByRole('button', { name: 'Leave this workspace…' }).click();
    const dialog = window.getByRole('dialog', { name: 'Leave Perigee?' });
    await expect(dialog.getByRole('button', { name: 'Stay' })).toBeFocused();
    await expect(dialog).toContainText('To come back you need an invitation');
    await picture(window, 'more-leave');
    const exported = window.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export Everyone as Markdown' }).click();
    expect((await exported).suggestedFilename()).toMatch(/\.zip$/);
    await dialog.getByRole('button', { name: 'Leave', exact: true }).click();
    await expect(window.getByText('You left Perigee.')).toBeVisible();
    await expect(bo.window.getByRole('navigation', { name: 'Workspace' })).toBeVisible();
    await mira.open('Dish alignment');
    await expect(mira.text).toHaveAttribute('contenteditable', 'false');
    await picture(window, 'more-left');
    await go(bo.window, 'People');
    await expect(bo.window.getByRole('heading', { name: 'Not here any more' })).toBeVisible();
    await go(bo.window, 'Settings');
    await bo.window.getByRole('button', { name: 'Membership log' }).click();
    await expect(bo.window.getByRole('main')).toContainText('Mira Okafor left the workspace.');
    await picture(bo.window, 'more-log');
    await go(window, 'Settings');
    await window.getByRole('button', { name: 'Delete it from this computer…' }).click();
    await expect(window.getByRole('button', { name: 'Keep it' })).toBeFocused();
    await picture(window, 'more-erase');
    await window.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(window.getByRole('heading', { name: 'Who are you?' })).toBeVisible();
    await picture(window, 'more-erased');
  });
});
