// What one does with pages in the tree is seen in the other's window; and what both do while apart leaves every page in one place, with both's words.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { caravan } from './programs.ts';
import type { Person } from './person.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

const TITLES = ['Antenna', 'Beacon', 'Coast', 'Delta'];

/** The tree from top to bottom, each title behind its level. */
function tree({ window }: Person): Promise<string[]> {
  return window
    .getByRole('treeitem')
    .evaluateAll((rows) => rows.map((row) => `${row.getAttribute('aria-level')} ${row.getAttribute('aria-label')}`));
}

async function menu(person: Person, title: string, item: string): Promise<void> {
  await person.treeItem(title).focus();
  await person.window.keyboard.press('Shift+F10');
  await person.window.getByRole('menuitem', { name: item }).click();
}

async function moveBelow(person: Person, title: string, parent: string): Promise<void> {
  await menu(person, title, 'Move below another page…');
  await person.window.getByRole('dialog', { name: /below/ }).getByRole('combobox').fill(parent);
  await person.window.keyboard.press('Enter');
  await expect(person.window.getByText(`${title} stands below ${parent}`)).toBeAttached();
}

/** Opens every row that has something below it. */
async function unfold(person: Person): Promise<void> {
  const closed = person.window.locator('[role="treeitem"][aria-expanded="false"]');
  while ((await closed.count()) > 0) {
    await closed.first().focus();
    await person.window.keyboard.press('ArrowRight');
  }
}

async function addTag(person: Person, tag: string): Promise<void> {
  const { window } = person;
  await window
    .getByRole('button', { name: 'Add properties' })
    .or(window.getByRole('group', { name: 'Properties' }).getByRole('button').first())
    .first()
    .click();
  const form = window.getByRole('dialog', { name: 'Properties of the page' });
  await form.getByLabel('Tags', { exact: true }).fill(tag);
  await window.keyboard.press('Enter');
  await form.getByRole('button', { name: 'Done' }).click();
}

test('[W22] [W23] [W24] [X13] two windows over a relay: move, rename, archive, trash, restore, lock and tags arrive; what both did apart loses no page', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser, async (data) => {
    const notes = await stage.folders.make('notes');
    for (const title of TITLES) await writeFile(join(notes, `${title}.md`), `# ${title}\n\nWords of ${title}.`);
    await caravan(data, 'import', 'markdown', notes, '--space', 'Everyone');
  });
  const { people } = stage;
  for (const person of people) person.window.setDefaultTimeout(15_000);
  for (const person of people) await expect.poll(() => tree(person)).toEqual(TITLES.map((title) => `1 ${title}`));

  await test.step('together', async () => {
    await ana.treeItem('Coast').focus();
    await ana.window.keyboard.press('Control+Shift+ArrowRight');
    await expect(bo.treeItem('Beacon')).toHaveAttribute('aria-expanded', 'false');
    await unfold(bo);
    await expect.poll(() => tree(bo)).toEqual(['1 Antenna', '1 Beacon', '2 Coast', '1 Delta']);
    await bo.open('Delta');
    await bo.title.fill('Delta of the river');
    await expect(ana.treeItem('Delta of the river')).toBeVisible();

    await menu(ana, 'Beacon', 'Archive');
    await expect.poll(() => tree(bo)).toEqual(['1 Antenna', '1 Delta of the river']);
    await bo.window.getByRole('button', { name: 'More for Everyone' }).click();
    await bo.window.getByRole('menuitem', { name: 'Archived pages' }).click();
    const main = bo.window.getByRole('main');
    await main.getByRole('button', { name: 'Beacon', exact: true }).click();
    await main.getByRole('button', { name: 'Restore' }).click();
    await expect(ana.treeItem('Beacon')).toBeVisible();

    await menu(bo, 'Delta of the river', 'Move to the trash');
    await expect(ana.treeItem('Delta of the river')).toHaveCount(0);
    await ana.window.getByRole('button', { name: 'More for Everyone' }).click();
    await ana.window.getByRole('menuitem', { name: 'Trash' }).click();
    const trash = ana.window.getByRole('main');
    await expect(trash).toContainText('Bo');
    await trash.getByRole('button', { name: 'Delta of the river', exact: true }).click();
    await trash.getByRole('button', { name: 'Restore' }).click();
    await expect(bo.treeItem('Delta of the river')).toBeVisible();

    await bo.open('Antenna');
    await ana.open('Antenna');
    await ana.window.getByRole('button', { name: 'More for this page' }).click();
    await ana.window.getByRole('menuitem', { name: 'Lock', exact: true }).click();
    const note = bo.window.getByRole('note', { name: 'Locked' });
    await expect(note).toContainText('Locked by Ana');
    await expect(bo.text).toHaveAttribute('contenteditable', 'false');
    await note.getByRole('button', { name: 'Unlock' }).click();
    await expect(ana.text).toHaveAttribute('contenteditable', 'true');
    for (const person of people) await expect(person.status).toHaveAccessibleName(/Saved here, On relay/);
  });

  await test.step('apart: the same page to two places, two pages below one another, tags of both', async () => {
    expect(await stage.stopRelay()).toBe(0);
    for (const person of people) await unfold(person);
    await moveBelow(ana, 'Coast', 'Antenna');
    await moveBelow(bo, 'Coast', 'Delta of the river');
    await moveBelow(ana, 'Antenna', 'Beacon');
    await moveBelow(bo, 'Beacon', 'Antenna');
    for (const person of people) {
      await person.open('Delta of the river');
      await addTag(person, person.name.toLowerCase());
      await expect(person.status).toHaveAccessibleName(/Saved here, Offline since/);
    }
    await stage.startRelay();
    for (const person of people) {
      await expect(person.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 45_000 });
      await expect(person.window.getByRole('group', { name: 'Properties' })).toContainText('Tags ana, bo', {
        timeout: 45_000,
      });
    }
    await expect(async () => {
      for (const person of people) await unfold(person);
      const rows = await tree(ana);
      expect(rows).toEqual(await tree(bo));
      const titles = rows.map((row) => row.slice(2));
      expect(titles.toSorted()).toEqual(['Antenna', 'Beacon', 'Coast', 'Delta of the river']);
    }).toPass({ timeout: 45_000 });
    for (const person of people) {
      for (const title of TITLES) {
        await person.open(title === 'Delta' ? 'Delta of the river' : title);
        await expect(person.text).toContainText(`Words of ${title}.`);
      }
    }
  });
});
