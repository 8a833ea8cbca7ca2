// The pictures of the settings of notifications for docs/screenshots; screenshots.js calls it with a window at hand.

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page @param {(page: Page, name: string) => Promise<void>} pictures in both themes and at both widths */
export async function notifyPictures(page, pictures) {
  await page.context().grantPermissions(['notifications'], { origin: new URL(page.url()).origin });
  await page.getByRole('button', { name: 'Settings' }).click();
  const section = page.getByRole('region', { name: 'Notifications' });
  await section.getByText('Quiet hours').waitFor();
  // Not scrollIntoView(), which would move the window's frame as well.
  await section.evaluate((shown) => {
    const place = shown.closest('main');
    if (place) place.scrollTop += shown.getBoundingClientRect().top - place.getBoundingClientRect().top - 24;
  });
  await pictures(page, 'notifications');
}
