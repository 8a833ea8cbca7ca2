// A table and a paragraph that one deletes while another, apart, types in them: both see what was swallowed, it is put back, taken back, dismissed, and stays so after a restart.
import { expect, test } from '@playwright/test';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { picture } from '../pictures.ts';
import { sound } from '../sound-look.ts';
import { caravan } from './programs.ts';
import type { Person } from './person.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

const PAGE = `# Torque

Check the list before each ride.

| Part | Torque |
| --- | --- |
| Bearing | 12 Nm |
| Stem | 5 Nm |

The stem is tightened last, by hand.

Ask Bo.
`;

async function deleteTable(person: Person): Promise<void> {
  await person.text.getByText('Bearing').click();
  await expect(person.text.getByRole('textbox', { name: /Part/ })).toBeFocused();
  await person.window.keyboard.press('Escape');
  await expect(person.text.locator('.ProseMirror-selectednode')).toBeVisible();
  await person.window.keyboard.press('Delete');
}

async function deleteBlock(person: Person, holding: string): Promise<void> {
  const { window } = person;
  await person.block(holding).click();
  await window.keyboard.press('Control+/');
  await window.getByRole('menuitem', { name: /Delete/ }).click();
}

test('[W26] [SG17] [SG18] words typed in a table and a paragraph that another deletes while apart are offered to both, and put back', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser, async (data) => {
    const vault = join(await stage.folders.make('vault'), 'pages');
    await mkdir(vault);
    await writeFile(join(vault, 'Torque.md'), PAGE);
    await caravan(data, 'import', 'markdown', vault, '--space', 'Everyone');
    await caravan(data, 'sync', '--wait');
  });
  await ana.open('Torque');
  await bo.open('Torque');
  await expect(bo.text).toContainText('Ask Bo.');

  await test.step('apart: Bo types where Ana deletes', async () => {
    expect(await stage.stopRelay()).toBe(0);
    await bo.text.getByText('12 Nm').click();
    await expect(bo.text.getByRole('textbox', { name: /Torque/ })).toBeFocused();
    await bo.window.keyboard.press('End');
    await bo.window.keyboard.type(', greased');
    await expect(bo.text).toContainText('12 Nm, greased');
    await bo.block('tightened last').click();
    await bo.window.keyboard.press('Home');
    await bo.window.keyboard.type('Mind this. ');
    await expect(bo.block('Mind this.')).toBeVisible();
    await deleteTable(ana);
    await expect(ana.text).not.toContainText('Bearing');
    await deleteBlock(ana, 'tightened last');
    await expect(ana.text).not.toContainText('tightened last');
    for (const person of [ana, bo]) await expect(person.status).toHaveAccessibleName(/Saved here/);
  });

  const notice = (person: Person) => person.window.getByRole('note', { name: 'Recovered text' });
  const list = (person: Person) => person.window.getByRole('region', { name: 'Recovered text' });

  await test.step('together again: both are told, and see the words', async () => {
    await stage.startRelay();
    for (const person of [ana, bo]) {
      await expect(notice(person)).toContainText('2 passages', { timeout: 45_000 });
      await expect(person.text).not.toContainText('greased');
    }
    await picture(bo.window, 'recovered-notice');
    await bo.window.keyboard.press('Control+Alt+r');
    await expect(list(bo).getByRole('article')).toHaveCount(2);
    await expect(list(bo).getByRole('article').first()).toContainText('You');
    await expect(list(bo).getByRole('article').first()).toContainText(', greased');
    await expect(list(bo).getByRole('article').first()).toContainText('Typed in a table');
    await expect(list(bo).getByRole('article').last()).toContainText('Mind this.');
    await expect(list(bo).getByRole('article').last()).toContainText('It now stands in the block before.');
    await picture(bo.window, 'recovered-list');
    await sound(bo.window, 'recovered text');
  });

  await test.step('put back, taken back and put back again, by keyboard; both see it', async () => {
    const back = list(bo).getByRole('article').first().getByRole('button', { name: 'Put back' });
    await back.focus();
    await bo.window.keyboard.press('Enter');
    await expect(list(bo).getByRole('article')).toHaveCount(1);
    await expect(bo.block(', greased')).toBeVisible();
    await expect(notice(ana)).toContainText('1 passage', { timeout: 20_000 });
    await bo.window.getByRole('button', { name: 'Undo' }).click();
    await expect(bo.text).not.toContainText('greased');
    await expect(list(bo).getByRole('article')).toHaveCount(2);
    await back.focus();
    await bo.window.keyboard.press('Enter');
    await expect(ana.block(', greased')).toBeVisible({ timeout: 20_000 });
    await list(bo).getByRole('button', { name: 'Put back' }).click();
    await expect(list(bo)).toContainText('Nothing to put back.');
    await expect(ana.block('Mind this.')).toHaveText('Mind this. ', { timeout: 20_000 });
    await expect(notice(ana)).toBeHidden();
    await bo.block('Ask Bo.').click();
    await bo.window.keyboard.press('Control+z');
    await expect(list(bo).getByRole('article')).toHaveCount(1);
    await expect(bo.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 20_000 });
  });

  await test.step('dismissed by Ana; after a restart it is as it was, with the names', async () => {
    await ana.window.keyboard.press('Control+Alt+r');
    await list(ana).getByRole('button', { name: 'Dismiss' }).click();
    await expect(list(ana)).toContainText('Nothing to put back.');
    await expect(ana.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 20_000 });
    expect(await ana.quit()).toBe(0);
    expect(await bo.quit()).toBe(0);
    await Promise.all([ana.start(), bo.start()]);
    await bo.open('Torque');
    await expect(notice(bo)).toContainText('1 passage', { timeout: 20_000 });
    await bo.window.keyboard.press('Control+Alt+r');
    await expect(list(bo).getByRole('article')).toContainText('that Ana deleted', { timeout: 20_000 });
    await ana.open('Torque');
    await expect(ana.block(', greased')).toBeVisible();
    await ana.window.keyboard.press('Control+Alt+r');
    await expect(list(ana)).toContainText('Nothing to put back.', { timeout: 20_000 });
  });
});
