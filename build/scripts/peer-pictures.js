// The pictures of laptops nearby for docs/screenshots: the code that one shows, and the other one found on the network. Both have the switch off before and behind that. How a picture is made, its caller says.

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

  for (const one of [page, other]) await ask(one, 'peers.setSettings', { workspace, discover: true });
  const nearby = page.getByRole('button', { name: '1 laptop nearby' });
  await nearby.waitFor();
  await nearby.click();
  await page.getByRole('listitem').filter({ hasText: 'on this network' }).waitFor();
  await pictures(page, 'peers-list');
  await page.keyboard.press('Escape');
  for (const one of [page, other]) await ask(one, 'peers.setSettings', { workspace, discover: false });
}
