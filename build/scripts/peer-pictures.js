// The pictures of laptops nearby for docs/screenshots: one shows a code, the other has come by one. How a picture is made, its caller says.

/** @typedef {import('@playwright/test').Page} Page */

/**
 * @typedef {object} Means
 * @property {(page: Page, call: string, params: unknown) => Promise<any>} ask
 * @property {(page: Page, name: string) => Promise<void>} pictures
 */

/** @param {Means} means @param {Page} page @param {Page} other @param {string} workspace */
export async function peerPictures({ ask, pictures }, page, other, workspace) {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('two laptops');
  await page.getByRole('option', { name: /Connect two laptops/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: 'The link as a QR code' }).waitFor();
  await pictures(page, 'peers-code');
  await page.keyboard.press('Escape');

  const { link } = await ask(page, 'peers.code', { workspace });
  await ask(other, 'peers.connect', { workspace, link });
  const nearby = page.getByRole('button', { name: '1 laptop nearby' });
  await nearby.waitFor();
  await nearby.click();
  await page.getByRole('listitem').filter({ hasText: 'by code' }).waitFor();
  await pictures(page, 'peers-list');
  await page.keyboard.press('Escape');
}
