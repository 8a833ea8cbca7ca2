// The pictures of search and of the palette for docs/screenshots, in the workspace that the other pictures made. How a picture is made, its caller says.
/* global location -- a function that runs in the window */

/** @typedef {import('@playwright/test').Page} Page */

/** @param {{ pictures: (page: Page, name: string) => Promise<void> }} camera @param {Page} page @param {string} workspace */
export async function searchPictures({ pictures }, page, workspace) {
  await page.evaluate((hash) => (location.hash = hash), `#/w/${workspace}/search`);
  const field = page.getByRole('combobox', { name: 'Search everything' });
  await field.fill('offset');
  await page.getByRole('list', { name: 'Results' }).getByRole('listitem').first().waitFor();
  await pictures(page, 'search');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump' }).fill('pass');
  const palette = page.getByRole('dialog', { name: 'Search or jump' });
  await palette.getByRole('option', { name: /Search everything for .* result/ }).waitFor();
  await pictures(page, 'palette');
  await page.keyboard.press('Escape');
}
