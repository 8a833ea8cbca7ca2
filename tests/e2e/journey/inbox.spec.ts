// What calls on somebody, with two people over a real relay: it comes to the inbox once, opens exactly there, and goes by keys; nothing for what one wrote oneself.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { picture } from '../pictures.ts';
import { sound } from '../sound-look.ts';
import { BoardWindow } from '../board-steps.ts';
import type { Person } from './person.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

const entry = (page: Page): Locator =>
  page.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name: /^Inbox/ });
const option = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('listbox', { name: 'Inbox' }).getByRole('option').filter({ hasText: text });

/** Types `@bo` where the caret is, and takes Bo from what is offered. */
async function mention({ window }: Person): Promise<void> {
  await window.keyboard.type('@Bo');
  await expect(window.getByRole('option', { name: /^Bo/ }).first()).toBeVisible();
  await window.keyboard.press('Enter');
}

test('[T18] [W5] [B13] mentions in a page, a comment and on a card, and being put on it, come once, open exactly there, and are done, snoozed and taken back by keys', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [ana.window, bo.window];
  await expect(entry(his)).toBeVisible();
  await entry(his).click();
  await expect(his.getByRole('heading', { name: 'Nothing calls on you' })).toBeVisible();
  await picture(his, 'inbox-empty');

  // In the text of a page, with more typed around it.
  await ana.newPage('Everyone', 'Dish alignment');
  await hers.keyboard.type('Measure the mast ');
  await mention(ana);
  await hers.keyboard.type('before Friday');
  await expect(entry(his)).toHaveText(/Inbox\s*1\s*new/);
  await expect(option(his, 'Dish alignment')).toContainText('Ana: Measure the mast @Bo before Friday');
  await expect(entry(hers)).toHaveText('Inbox');

  // On a card: in a comment, and by being put on it.
  const board = new BoardWindow({ page: hers });
  await board.make('Station', ['Guy wires']);
  const card = board.card('Guy wires');
  await card.focus();
  await hers.keyboard.press('m');
  await hers.getByRole('option', { name: /^Bo/ }).click();
  await hers.keyboard.press('Escape');
  await expect(option(his, 'Guy wires')).toContainText('put you on this card');
  await card.click();
  const comment = hers.getByRole('complementary', { name: 'Card' }).getByRole('textbox', { name: 'Comment' });
  await comment.click();
  await mention(ana);
  await hers.keyboard.type('where are they');
  await hers.keyboard.press('Control+Enter');
  await expect(entry(his)).toHaveText(/Inbox\s*3\s*new/);
  await expect(option(his, 'Guy wires')).toContainText('where are they');
  await picture(his, 'inbox');
  await sound(his, 'inbox');

  // Exactly there: the comment on the card.
  await his.getByRole('listbox', { name: 'Inbox' }).focus();
  await his.keyboard.press('Enter');
  const panel = his.getByRole('complementary', { name: 'Card' });
  await expect(panel).toContainText('where are they');
  await expect(panel.locator('.wanted')).toContainText('where are they');
  await his.goBack();
  // It was read there, and the card was looked at.
  await expect(entry(his)).toHaveText(/Inbox\s*1\s*new/);
  await expect(option(his, 'Guy wires')).toHaveCount(0);

  // By keys, each taken back by the toast.
  await his.getByRole('listbox', { name: 'Inbox' }).focus();
  await option(his, 'Dish alignment').click();
  await his.keyboard.press('e');
  await expect(option(his, 'Dish alignment')).toHaveCount(0);
  await his.getByRole('button', { name: 'Undo' }).last().click();
  await expect(option(his, 'Dish alignment')).toHaveCount(1);
  await option(his, 'Dish alignment').click();
  await his.keyboard.press('s');
  await his.getByRole('menuitem', { name: /^Tomorrow/ }).click();
  await expect(option(his, 'Dish alignment')).toHaveCount(0);
  await his.getByRole('button', { name: '1 snoozed' }).click();
  await his.keyboard.press('e');
  await expect(his.getByRole('heading', { name: 'Nothing is snoozed' })).toBeVisible();
  await his
    .getByRole('group', { name: 'Which entries' })
    .getByRole('button', { name: /^Inbox/ })
    .click();

  // Reading it ends it.
  await option(his, 'Dish alignment').dblclick();
  await expect(bo.title).toHaveValue('Dish alignment');
  await entry(his).click();
  await expect(option(his, 'Dish alignment')).toHaveCount(0);
});
