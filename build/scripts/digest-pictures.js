// The picture of what came while somebody was away, for docs/screenshots: one closes the lid on Friday evening, the other goes on working. How a picture is made, its caller says.
/* global location -- a function that runs in the window */

/** @typedef {import('@playwright/test').Page} Page */

/**
 * @typedef {object} Absence
 * @property {(page: Page, call: string, params: unknown) => Promise<any>} ask
 * @property {(page: Page, name: string) => Promise<void>} pictures
 * @property {(meanwhile: () => Promise<void>) => Promise<Page>} away the first person's computer is without the relay for a weekend; answers with their window when they are back.
 */

/** @param {Absence} absence @param {Page} page @param {Page} other @param {string} workspace @param {string} space @param {string} dish */
export async function digestPictures({ ask, pictures, away }, page, other, workspace, space, dish) {
  /** @param {Page} window @param {string} where */
  const go = (window, where) => window.evaluate((hash) => (location.hash = hash), `#/w/${workspace}${where}`);
  /** @param {string} document */
  const favourite = (document) => ask(page, 'favourites.set', { workspace, document, favourite: true });
  const documents = await ask(page, 'doc.list', { workspace });
  /** @param {string} title @returns {string} */
  const idOf = (title) => documents.find((/** @type {{ title: string }} */ one) => one.title === title)?.id ?? '';
  for (const title of ['Dish alignment', 'Pass procedure']) await favourite(idOf(title));

  const mira = await away(async () => {
    await go(other, `/d/${dish}`);
    const text = other.getByRole('textbox', { name: 'Page text' });
    await text.getByText('Zero the azimuth encoder').click();
    await other.keyboard.press('End');
    await other.keyboard.type(', twice when it froze');
    await text.getByText('The drift is real').click();
    await other.keyboard.press('End');
    await other.keyboard.press('Enter');
    await other.keyboard.type('@Mira');
    await other.getByRole('option', { name: /^Mira/ }).first().click();
    await other.keyboard.type('can you measure the mast sway before Friday?');

    await go(other, `/d/${idOf('Pass procedure')}`);
    await text.click();
    await other.keyboard.type('Start the recorder five minutes before rise, and note who listens.');

    await go(other, `/d/${idOf('Who has the torque wrench?')}`);
    await other.getByRole('textbox', { name: 'Write a post' }).fill('It is in my car. You have it back on Monday.');
    await other.keyboard.press('Control+Enter');
    await other.getByRole('article').filter({ hasText: 'in my car' }).waitFor();
    await ask(other, 'thread.begin', {
      workspace,
      space,
      type: 'announcement',
      title: 'The weekly call moves to Wednesday',
      text: 'Same hour, same room. The first one is on the second.',
      confirm: false,
    });

    await go(other, `/d/${idOf('Antenna build')}`);
    const card = other.getByRole('option', { name: /^Measure mast sway/ });
    await card.focus();
    for (const key of [' ', 'ArrowRight', ' ']) await other.keyboard.press(key);
  });
  await go(mira, '/digest');
  await mira.getByRole('region', { name: /^Your cards that moved/ }).waitFor();
  await mira.getByRole('region', { name: /^What you follow/ }).waitFor();
  await pictures(mira, 'digest');
}
