// The pictures of what waits while links are off, and of a bundle, for docs/screenshots: being written for a colleague, and looked at by her before it is taken. How a picture is made, its caller says.
/* global location -- a function that runs in the window */
import path from 'node:path';

/** @typedef {import('@playwright/test').Page} Page */

/**
 * @typedef {object} Apart
 * @property {(page: Page, call: string, params: unknown) => Promise<any>} ask
 * @property {(page: Page, name: string) => Promise<void>} pictures
 * @property {string} folder for the file
 * @property {(meanwhile: () => Promise<void>) => Promise<void>} apart nothing goes from one to the other meanwhile
 */

/** @param {Apart} apart @param {Page} page @param {Page} other @param {string} workspace @param {string} space */
export async function bundlePictures({ ask, pictures, folder, apart }, page, other, workspace, space) {
  /** @param {Page} window @param {string} where */
  const go = (window, where) => window.evaluate((hash) => (location.hash = hash), `#/w/${workspace}${where}`);
  const file = path.join(folder, 'for Ana.caravan-bundle');
  await apart(async () => {
    for (const title of ['Hut inventory', 'Path to the mast in snow']) {
      await ask(page, 'doc.create', { workspace, space, kind: 'page', title, parent: null });
    }
    await ask(page, 'thread.begin', {
      workspace,
      space,
      type: 'question',
      title: 'Who takes the spare battery up?',
      text: 'It weighs eleven kilos.',
    });
    const side = page.getByRole('navigation', { name: 'Workspace' });
    await side.getByRole('button', { name: /, 3 waiting$/ }).click();
    await page.getByRole('dialog', { name: 'Waiting to leave this computer' }).getByText('Hut inventory').waitFor();
    await pictures(page, 'outbox');
    await page.keyboard.press('Escape');
    const members = await ask(page, 'workspace.members', { workspace });
    const ana = members.find((/** @type {{ me: boolean, removed: boolean }} */ one) => !one.me && !one.removed);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('write a bundle');
    await page
      .getByRole('option', { name: /^Write a bundle/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Write a bundle' });
    await dialog.getByRole('combobox', { name: 'For whom' }).selectOption(`m:${ana?.id ?? ''}`);
    await dialog.getByText(/documents? for Ana/).waitFor();
    await pictures(page, 'bundle-write');
    const saved = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Write bundle' }).click();
    await (await saved).saveAs(file);
    await page.getByRole('button', { name: 'Done' }).click();

    await go(other, '/settings');
    const asked = other.waitForEvent('filechooser');
    await other.getByRole('button', { name: 'Read a bundle…' }).click();
    await other.getByRole('button', { name: 'Choose the file…' }).click();
    await (await asked).setFiles(file);
    await other.getByRole('dialog', { name: 'What is in the bundle' }).waitFor();
    await pictures(other, 'bundle-preview');
    await other.getByRole('button', { name: 'Take it in' }).click();
    await other.getByRole('dialog', { name: 'Taken in' }).getByRole('button', { name: 'Done' }).click();
  });
}
