// Importing a folder of Markdown in the window: progress, report, cancel; and taking a space out as a ZIP.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trelloBoard } from '../../app/host/import-trello/trello-fixture.ts';
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';

/** One red dot. */
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

async function vault(folder: string, pages: number): Promise<string> {
  const root = join(folder, 'Field notes');
  await mkdir(join(root, 'Stations'), { recursive: true });
  await writeFile(
    join(root, 'Start.md'),
    '---\ntitle: Start here\n---\n\nSee [the mast](Stations/Mast.md) and [nothing](Gone.md).\n',
  );
  await writeFile(
    join(root, 'Stations', 'Mast.md'),
    '# The mast\n\n- [x] Tension the wires\n- [ ] Paint it\n\n![[a wire.png]]\n',
  );
  await writeFile(join(root, 'a wire.png'), Buffer.from(PICTURE, 'base64'));
  await writeFile(join(root, 'photo.png'), 'not Markdown');
  for (let at = 0; at < pages; at++) {
    await writeFile(join(root, 'Stations', `Log ${at}.md`), `Entry ${at}\n\n${'A line of the log.\n\n'.repeat(40)}`);
  }
  return root;
}

test('[I1][X9] a folder becomes a space with its tree; links lead to their page; the report names what did not', async ({
  app,
  folder,
}) => {
  const { page } = app;
  const root = await vault(folder, 30);
  await app.firstRun();
  await page.getByRole('button', { name: 'Import Markdown' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(root);
  await expect(dialog).toContainText('Field notes: 32 Markdown files');
  await expect(dialog.getByLabel('Name of the space')).toHaveValue('Field notes');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Imported' })).toBeVisible({ timeout: 30_000 });
  await expect(dialog).toContainText('new pages');
  await expect(dialog).toContainText('1 link to nothing in the folder');
  await expect(dialog).toContainText('1 file of other kinds stayed where they are');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await app.visit('Start here');
  await app.text.getByRole('link', { name: 'the mast' }).click({ modifiers: ['ControlOrMeta'] });
  await expect(app.text).toContainText('Tension the wires');
  await expect(app.text.getByRole('img', { name: 'a wire.png' })).toHaveJSProperty('naturalWidth', 1);

  await page.getByRole('button', { name: 'More for Field notes' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export as Markdown' }).click();
  expect((await download).suggestedFilename()).toMatch(/Field notes.*\.zip$/);
});

test('[X9] an import can be cancelled, and what is there is whole', async ({ app, folder }) => {
  const { page } = app;
  const root = await vault(folder, 400);
  await app.firstRun();
  await page.getByRole('button', { name: 'Import Markdown' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(root);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog.getByRole('progressbar')).toBeVisible();
  // The host is at it.
  await expect(dialog).toContainText(/Log \d+\.md/);
  await dialog.getByRole('button', { name: 'Cancel the import' }).click();
  await expect(dialog.getByRole('button', { name: 'Done' })).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByRole('alert')).toContainText('Cancelled.');
  await dialog.getByRole('button', { name: 'Done' }).click();

  // What was taken is not taken again, and the rest comes.
  await page.getByRole('button', { name: 'More for Field notes' }).click();
  await page.getByRole('menuitem', { name: /Import Markdown/ }).click();
  await dialog.locator('input[type=file]').setInputFiles(root);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Imported' })).toBeVisible({ timeout: 40_000 });
  const { workspaces } = await app.call('hello', {});
  const pages = await app.call('doc.list', { workspace: workspaces[0]!.id });
  // The 402 files and the page of their folder.
  expect(pages).toHaveLength(403);
  expect(new Set(pages.map((one) => one.title)).size).toBe(403);
});

test('[B20][X10] a board of Trello: a wrong file is refused with a reason, the mapping is shown before anything is written, the board opens', async ({
  app,
  folder,
}) => {
  const { page } = app;
  await app.firstRun();
  const wrong = join(folder, 'wrong.json');
  const right = join(folder, 'board.json');
  await writeFile(wrong, '{"name": "no board"');
  await writeFile(right, JSON.stringify(trelloBoard()));
  await page.getByRole('button', { name: 'More for Everyone' }).click();
  await page.getByRole('menuitem', { name: 'Import a Trello board…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a Trello board' });
  await dialog.getByLabel('File that Trello exported').setInputFiles(wrong);
  await expect(dialog.getByRole('alert')).toContainText('Nothing was');
  await dialog.getByLabel('File that Trello exported').setInputFiles(right);
  await expect(dialog).toContainText(/becomes: .* column/);
  await expect(app.page.getByRole('treeitem')).toHaveCount(0);
  await dialog
    .getByRole('region', { name: 'People' })
    .getByRole('combobox')
    .first()
    .selectOption({ label: 'Mira Okafor' });
  await picture(page, 'import-trello');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('button', { name: 'Open the board' }).click();
  await expect(page.getByRole('listbox').first()).toBeVisible();
  await expect(page.getByRole('option').first()).toBeVisible();
  await picture(page, 'imported-board');
});

test('[I2][BD21] a folder that is an export brings its boards along in a browser window, with what is attached to their cards', async ({
  app,
  folder,
}) => {
  const { page } = app;
  await app.firstRun();
  const board = new BoardWindow(app);
  await board.make('Antenna build', ['Measure mast sway', 'Guy wires']);
  await board.card('Measure mast sway').focus();
  await page.keyboard.press('Enter');
  const attachments = page.getByRole('region', { name: 'Attachments' });
  await attachments
    .getByLabel('Files to attach')
    .setInputFiles({ name: 'sway.csv', mimeType: 'text/csv', buffer: Buffer.from('4 mm') });
  await expect(board.card('Measure mast sway')).toHaveAccessibleName(/1 file/);
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  const { workspaces } = await app.call('hello', {});
  const workspace = workspaces[0]!.id;
  const directory = join(folder, 'taken out');
  const { job } = await app.call('export.markdown', { workspace, directory });
  await expect.poll(async () => (await app.call('job.get', { job })).status.state).toBe('done');

  await page.getByRole('button', { name: 'More for Everyone' }).click();
  await page.getByRole('menuitem', { name: /Import Markdown/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=file]').setInputFiles(directory);
  await expect(dialog).toContainText('taken out: 1 Markdown file, 1 file with boards, discussions and comments');
  // A whole workspace is offered as it was.
  await expect(dialog.getByLabel('Into').locator('option:checked')).toHaveText('The space that it comes from');
  await dialog.getByLabel('Into').selectOption({ label: 'A new space' });
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Imported' })).toBeVisible({ timeout: 30_000 });
  await expect(dialog).not.toContainText('not taken');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page
    .getByRole('tree', { name: 'Pages of taken out' })
    .getByRole('treeitem', { name: /Antenna build/ })
    .click();
  await board.expectTitles('Next', ['Measure mast sway', 'Guy wires']);
  await board.card('Measure mast sway').click();
  await expect(attachments.getByRole('button', { name: 'Save a copy of sway.csv' })).toBeVisible();
});
