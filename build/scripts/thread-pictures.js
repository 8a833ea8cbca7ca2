// The pictures of discussions for docs/screenshots: a thread, a list of ideas and a poll, as two people wrote them. How a picture is made, its caller says.
/* global location -- a function that runs in the window */

/** @typedef {import('@playwright/test').Page} Page */

/**
 * @typedef {object} Camera
 * @property {(page: Page, call: string, params: unknown) => Promise<any>} ask
 * @property {(page: Page, name: string) => Promise<void>} pictures
 */

/** @param {Camera} camera @param {Page} page @param {Page} other @param {string} workspace @param {string} space */
export async function threadPictures({ ask, pictures }, page, other, workspace, space) {
  /** @param {Page} by @param {object} said @returns {Promise<string>} its id */
  const begin = async (by, said) => (await ask(by, 'thread.begin', { workspace, space, ...said })).id;
  /** @param {Page} window @param {string} where */
  const go = (window, where) => window.evaluate((hash) => (location.hash = hash), `#/w/${workspace}${where}`);
  /** @param {Page} window @param {string} thread @param {string} text */
  const post = async (window, thread, text) => {
    await go(window, `/d/${thread}`);
    await window.getByRole('textbox', { name: 'Write a post' }).fill(text);
    await window.keyboard.press('Control+Enter');
    await window
      .getByRole('article')
      .filter({ hasText: text.split('\n').at(-1) ?? '' })
      .first()
      .waitFor();
  };

  const rain = await begin(other, {
    type: 'discussion',
    title: 'What the rain did to the foundation',
    text: 'The north marker moved **4 mm** since October. Before we pour anything:\n\n- measure again on a dry week\n- ask the survey office\n- keep the old offsets, do not edit them',
  });
  await post(page, rain, 'I have the readings of the last two years. They go up and down by 2 mm with the season.');
  await post(
    other,
    rain,
    '> up and down by 2 mm with the season\n\nThen half of it is new. Can you add them to the page?',
  );
  await go(page, `/d/${rain}`);
  await page.getByRole('article').filter({ hasText: 'half of it is new' }).hover();
  await pictures(page, 'thread');

  for (const [title, votes] of /** @type {const} */ ([
    ['A dry box for the encoder', [page, other]],
    ['Night passes from home, with a remote receiver', [other]],
    ['Swap the guy wires every second year', []],
  ])) {
    const idea = await begin(other, { type: 'idea', title, text: 'It would save us a drive each month.' });
    for (const window of votes) {
      await go(window, `/d/${idea}`);
      await window.getByRole('button', { name: /^Vote/, pressed: false }).click();
      await window.getByRole('button', { name: /^Vote/, pressed: true }).waitFor();
    }
  }
  await go(page, `/threads/${space}`);
  await page.getByRole('combobox', { name: 'Type' }).selectOption('idea');
  await page.getByRole('link', { name: 'A dry box for the encoder' }).waitFor();
  await pictures(page, 'ideas');
  await page.getByRole('combobox', { name: 'Type' }).selectOption('');

  const poll = await begin(other, {
    type: 'poll',
    title: 'When do we pour the foundation?',
    text: 'The mixer is free on all three days.',
    poll: {
      choices: ['Friday', 'Saturday', 'After the next rain'],
      multiple: false,
      anonymous: false,
      until: Date.now() + 4 * 86_400_000,
    },
  });
  for (const [window, choice] of /** @type {const} */ ([
    [other, /^Saturday/],
    [page, /^Friday/],
  ])) {
    await go(window, `/d/${poll}`);
    await window.getByRole('radio', { name: choice }).click();
  }
  await page.getByText('2 people have voted').waitFor();
  await pictures(page, 'poll');
}
