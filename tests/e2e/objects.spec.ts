// Objects in a real window: a board shown live inside a page, and what can be done with every object under the same keys.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

test('[W3] [PG19] a board inside a page: put in by keys, filtered, live, opened at a card, kept by copy and paste, and unknown where it may not be read', async ({
  app,
}) => {
  const { page, text } = app;
  await app.firstRun();
  const board = new BoardWindow(app);
  await board.make('Antenna build', ['Mast', 'Guy wires', 'Licence']);
  await app.newPage('Site visit');
  await page.keyboard.press('Enter');
  await page.keyboard.type('/board v');
  await expect(page.getByRole('option', { name: 'Board view' }).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Board in this page' });
  await expect(dialog.getByRole('combobox', { name: 'Board' })).toBeFocused();
  await expect(dialog.getByRole('option', { name: /^Antenna build/ })).toBeVisible();
  await page.keyboard.press('Enter');
  const shown = page.getByRole('group', { name: 'Board', exact: true });
  const first = shown.getByRole('region', { name: /, 3 cards$/ });
  await expect(first.getByRole('button', { name: 'Mast' })).toBeVisible();

  // What the board is told shows here at once.
  const { workspace, document } = await page.evaluate(() => {
    const [, , id = '', , at = ''] = location.hash.split('/');
    return { workspace: id, document: at };
  });
  expect(document).not.toBe('');
  await page.keyboard.press('Enter');
  await expect(shown.getByRole('button', { name: 'What it shows' })).toBeFocused();
  await page.keyboard.press('Enter');
  const choices = page.getByRole('dialog', { name: 'What the board shows here' });
  await choices.getByRole('textbox', { name: 'Cards that say' }).fill('lic');
  await picture(page, 'page-board-choices');
  await choices.getByText('List', { exact: true }).click();
  await choices.getByRole('button', { name: 'Show this' }).click();
  await expect(shown.getByRole('button', { name: 'Licence' })).toBeVisible();
  await expect(shown.getByRole('button', { name: 'Mast' })).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(shown.getByRole('button', { name: 'What it shows' })).toBeFocused();
  await page.keyboard.press('Enter');
  await choices.getByText('Columns', { exact: true }).click();
  await choices.getByRole('textbox', { name: 'Cards that say' }).fill('');
  await choices.getByRole('button', { name: 'Show this' }).click();
  await expect(first.getByRole('button')).toHaveCount(3);
  await picture(page, 'page-board');
  await sound(page, 'page with a board');

  // One stop of Tab, arrows inside, Enter opens the card on its board, where it is renamed; back, the page says so.
  await first.getByRole('button', { name: 'Mast' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(first.getByRole('button', { name: 'Guy wires' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/w\/[^/]+\/d\/[^/]+\/at\//);
  const name = page.getByRole('complementary').getByRole('textbox', { name: 'Title' });
  await expect(name).toHaveValue('Guy wires');
  await name.fill('Guy ropes');
  await page.keyboard.press('Escape');
  await app.visit('Site visit');
  await expect(first.getByRole('button', { name: 'Guy ropes' })).toBeVisible();

  // Copied with the page's Markdown, and pasted as what it is; of a board that may not be read nothing is said.
  const { markdown } = await app.call('doc.markdown', { workspace, document });
  expect(markdown).toContain('```caravan-board\nAntenna build\ncaravan:');
  await text.locator('.block').last().click();
  await text.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', `<p data-kind="board" data-props='{"board":"elsewhere-1"}'>x</p>`);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(shown.nth(1)).toContainText('This board is not here.');
});

/** What stands in the clipboard of the window. */
function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

interface Shown {
  readonly name: string;
  /** Brings it before one's eyes. */
  readonly open: () => Promise<void>;
  /** At first: who begins a discussion follows it. */
  readonly followed: boolean;
  /** Its menu. */
  readonly menu: string;
  /** Words of its Markdown, and of the file that an export gives. */
  readonly says: string;
  readonly file: RegExp;
  /** Where its past is. */
  readonly past: () => Locator;
}

test('[X3] [T11] [W5] a page, a board, a card and a discussion are followed, bookmarked, linked, copied, looked back upon and exported by the same keys and the same names; a person and a space as far as it makes sense', async ({
  app,
  context,
}) => {
  test.setTimeout(60_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { page } = app;
  await app.firstRun();
  await app.newPage('Site visit');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Bring the ladder.');
  const board = new BoardWindow(app);
  await board.make('Antenna build', ['Mast']);
  const id = new URL(page.url()).hash.split('/')[2] ?? '';
  const space = (await app.call('space.list', { workspace: id })).find((one) => one.name === 'Everyone')?.id ?? '';
  const asked = { workspace: id, space, type: 'discussion', title: 'Which rope?', text: 'Dyneema?' } as const;
  const thread = await app.call('thread.begin', asked);

  const openBoard = async (): Promise<void> => {
    await app.row('Antenna build, board').click();
    await expect(board.card('Mast')).toBeVisible();
  };
  const dialog = (name: string): Locator => page.getByRole('dialog', { name: `History of “${name}”` });
  const objects: readonly Shown[] = [
    {
      name: 'Site visit',
      open: () => app.visit('Site visit'),
      followed: false,
      menu: 'More for this page',
      says: 'Bring the ladder.',
      file: /\.zip$/,
      past: () => page.getByRole('complementary').filter({ hasText: 'History' }),
    },
    {
      name: 'Antenna build',
      open: openBoard,
      followed: false,
      menu: 'More for this board',
      says: '- [ ] Mast',
      file: /\.zip$/,
      past: () => dialog('Antenna build'),
    },
    {
      name: 'A card on “Antenna build”',
      open: async () => {
        await openBoard();
        await board.card('Mast').press('Enter');
        await expect(page.getByRole('complementary', { name: 'Card' })).toBeVisible();
      },
      followed: false,
      menu: 'More for this card',
      says: '# Mast',
      file: /^Mast\.md$/,
      past: () => page.getByRole('tabpanel', { name: 'Activity' }),
    },
    {
      name: 'Which rope?',
      open: async () => {
        await page.goto(`${new URL(page.url()).origin}/#/w/${id}/d/${thread.id}`);
        await expect(page.getByText('Dyneema?')).toBeVisible();
      },
      followed: true,
      menu: 'More for this discussion',
      says: '> Dyneema?',
      file: /\.zip$/,
      past: () => dialog('Which rope?'),
    },
  ];
  const names = ['Follow', 'Bookmark…', 'Copy link', 'Copy as Markdown', 'History', 'Export as Markdown…'] as const;
  const keys = { follow: 'w', bookmark: 'd', copyLink: 'l', copyMarkdown: 'c', history: 'h', exportIt: 'e' } as const;
  const press = (key: keyof typeof keys): Promise<void> => page.keyboard.press(`Control+Alt+${keys[key]}`);

  for (const object of objects) {
    await test.step(object.name, async () => {
      await object.open();
      // The menu names all of them with their keys.
      await page.getByRole('button', { name: object.menu }).click();
      const items = page.getByRole('menuitem');
      const { followed } = object;
      const following = (is: boolean): Locator =>
        page.getByRole('menuitem', { name: is ? /^Stop following/ : /^Follow(?! )|^Follow Ctrl/ }).first();
      // What I follow stands in a document of mine, which the window may still be reading.
      await expect(following(followed)).toBeVisible();
      const said = (await items.allTextContents()).map((one) => one.replace(/\s+/g, ' ').trim());
      const letters = Object.values(keys);
      for (const [at, name] of names.entries()) {
        const shown = name === 'Follow' && followed ? 'Stop following' : name;
        expect(said, object.name).toContainEqual(
          expect.stringMatching(new RegExp(`^${shown} ?Ctrl Alt ${(letters[at] ?? '').toUpperCase()}$`)),
        );
      }
      await page.keyboard.press('Escape');
      await expect(items).toHaveCount(0);

      // By keys, each: what follows is what the menu says next.
      await press('follow');
      await expect(page.getByRole('status').filter({ hasText: 'follow this' }).last()).toContainText(
        followed ? 'You do not follow this any more' : 'You follow this',
      );
      await page.getByRole('button', { name: object.menu }).click();
      await expect(following(!followed)).toBeVisible();
      await page.keyboard.press('Escape');
      await press('bookmark');
      const marking = page.getByRole('dialog', { name: 'Bookmark' });
      await expect(marking).toContainText(object.name);
      await page.keyboard.press('Enter');
      await expect(marking).toHaveCount(0);
      await press('copyLink');
      await expect.poll(() => clipboard(page)).toContain(`caravan://page#${id}/`);
      await press('copyMarkdown');
      await expect.poll(() => clipboard(page)).toContain(object.says);
      const download = page.waitForEvent('download');
      await press('exportIt');
      expect((await download).suggestedFilename()).toMatch(object.file);
      await press('history');
      await expect(object.past()).toBeVisible();
      if (object.name === 'Antenna build') {
        await object
          .past()
          .getByRole('button', { name: /^Mira Okafor/ })
          .first()
          .click();
        await expect(object.past().getByRole('region', { name: 'As it was' })).toContainText('Mast');
        await picture(page, 'history-board');
        await sound(page, 'history of a board');
      }
      await page.keyboard.press('Escape');
    });
  }

  // What was followed is what the inbox reads: my own documents; and the bookmarks lead back.
  const marks = await app.call('bookmark.list', { workspace: id });
  expect(marks.length).toBe(4);
  await page.goto(`${new URL(page.url()).origin}/#/w/${id}/threads/${space}`);
  await expect(page.getByRole('combobox', { name: 'Tell me of' })).toHaveValue('all');
  await press('follow');
  await expect.poll(async () => (await app.call('level.of', { workspace: id, place: space })).level).toBe('mentions');
  // A question that nobody was found for carries the words that were typed.
  await page.goto(`${new URL(page.url()).origin}/#/w/${id}/people`);
  await page.getByRole('searchbox').fill('dyneema splicing');
  await page.getByRole('button', { name: 'Ask a question' }).click();
  const asking = page.getByRole('form', { name: 'New discussion' });
  await expect(asking.getByRole('radio', { name: 'Question' })).toBeChecked();
  await expect(asking.getByRole('textbox').first()).toHaveValue('dyneema splicing');
  const more = asking.getByRole('textbox', { name: 'More about it' });
  await more.click();
  await page.keyboard.type('Needed @tod');
  await expect(page.getByRole('option', { name: /^Today/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(more).toHaveValue(/^Needed @Today/);
  await page.keyboard.press('Escape');
  await expect(asking).toHaveCount(0);
  await page.getByRole('heading', { name: 'Discussions' }).click();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  for (const [at, name] of names.entries()) {
    await expect(help).toContainText(name.replace('…', ''));
    await expect(help).toContainText(`Ctrl Alt ${(Object.values(keys)[at] ?? '').toUpperCase()}`);
  }
});
