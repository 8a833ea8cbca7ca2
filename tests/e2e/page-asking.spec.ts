// What asks people on a page, in a real window and by keys: a poll, "I have done this", a discussion, and a consultation from its first comment to its end.
import type { Page } from '@playwright/test';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';
import { expect, test } from './app-window.ts';

const TWO_DAYS = 2 * 86_400_000;

async function select(page: Page, words: string): Promise<void> {
  await page.evaluate((wanted) => {
    const walker = document.createTreeWalker(document.querySelector('.page-text')!, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.textContent!.indexOf(wanted);
      if (at < 0) continue;
      getSelection()!.setBaseAndExtent(node, at, node, at + wanted.length);
      return;
    }
    throw new Error(`no such words: ${wanted}`);
  }, words);
  await expect(page.getByRole('toolbar', { name: 'Selected text' })).toBeVisible();
}

async function slash(page: Page, words: string, row: string): Promise<void> {
  await page.keyboard.type(`/${words}`);
  await expect(page.getByRole('option', { name: row }).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
}

test('[W3] [P6] [T13] a training page: a poll, a discussion and a tick, put in and used by keys, kept by undo and not copied with their votes', async ({
  app,
}) => {
  const { page, text } = app;
  await app.firstRun();
  await app.newPage('Ladder training');
  await page.keyboard.press('Enter');
  await slash(page, 'poll', 'Poll');
  const poll = page.getByRole('group', { name: 'Poll' });
  await expect(poll.getByRole('textbox', { name: 'Question' })).toBeFocused();
  await page.keyboard.type('Which rung is the last to stand on?');
  await page.keyboard.press('Enter');
  await expect(poll.getByRole('textbox', { name: 'Add a choice' })).toBeFocused();
  await page.keyboard.type('The third from the top');
  await page.keyboard.press('Enter');
  await expect(poll.getByRole('textbox', { name: 'Choice 1' })).toHaveValue('The third from the top');
  await page.keyboard.type('The top');
  await page.keyboard.press('Enter');
  await expect(poll.getByRole('textbox', { name: 'Choice 2' })).toHaveValue('The top');
  await page.keyboard.press('Enter');
  const third = poll.getByRole('radio', { name: /^The third/ });
  await expect(third).toBeVisible();
  await expect(poll.getByRole('button', { name: 'Edit' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(third).toBeFocused();
  // Arrows lead around and vote for nothing; the group is one step of Tab.
  await page.keyboard.press('ArrowDown');
  await expect(poll.getByRole('radio', { name: /^The top/ })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(third).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+Tab');
  await expect(poll.getByRole('button', { name: 'Edit' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(poll.getByRole('radio', { name: /^The top/ })).toBeFocused();
  await expect(poll).toContainText('0 people have voted');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Space');
  await expect(third).toHaveAttribute('aria-checked', 'true');
  await expect(third).toContainText('1 vote');
  await page.keyboard.press('Escape');
  await expect(page.locator('.ProseMirror-selectednode[data-kind=poll]')).toBeVisible();
  await expect(text).toBeFocused();

  // Deleting the block and bringing it back by undo keeps the vote; a second one made of it has none.
  await page.keyboard.press('Backspace');
  await expect(poll).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(third).toHaveAttribute('aria-checked', 'true');
  await third.focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+d');
  await expect(poll).toHaveCount(2);
  await expect(poll.nth(1)).toContainText('0 people have voted');
  await page.keyboard.press('Control+z');
  await expect(poll).toHaveCount(1);
  await text.locator('.block').last().click();
  await slash(page, 'done', 'I have done this');
  const done = page.getByRole('group', { name: 'To be done by everybody' });
  await expect(done.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('I can set up a ladder');
  await page.keyboard.press('Enter');
  const tick = done.getByRole('checkbox', { name: /^I can set up a ladder/ });
  await expect(tick).toBeFocused();
  await page.keyboard.press('Space');
  await expect(tick).toHaveAttribute('aria-checked', 'true');
  await expect(done.getByText('1 of 1 person in this space has done it')).toBeVisible();
  await done.locator('summary').click();
  await expect(done.getByRole('list', { name: 'Who has done it' })).toContainText('Mira Okafor');

  await text.locator('.block').last().click();
  await slash(page, 'discussion', 'Discussion');
  const dialog = page.getByRole('dialog', { name: 'Discussion in this page' });
  await dialog.getByRole('combobox', { name: 'Title' }).fill('Questions about ladders');
  await expect(dialog.getByRole('option', { name: 'Begin “Questions about ladders”' })).toBeVisible();
  await page.keyboard.press('Enter');
  const shown = page.getByRole('group', { name: 'Discussion', exact: true });
  await expect(shown.getByRole('button', { name: 'Questions about ladders' })).toBeVisible();
  await shown.getByRole('button', { name: 'Open the discussion' }).click();
  await page.getByRole('textbox', { name: 'Write a post' }).fill('Does **this** hold on ice?');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('article').filter({ hasText: 'hold on ice' })).toBeVisible();
  await app.visit('Ladder training');
  await expect(shown.getByRole('article')).toContainText('Does this hold on ice?');
  await expect(third).toHaveAttribute('aria-checked', 'true');
  await expect(tick).toHaveAttribute('aria-checked', 'true');
  await picture(page, 'page-asking');
  await sound(page, 'page that asks');

  // A discussion that is in no space of mine says so, and nothing of it.
  await text.locator('.block').last().click();
  await text.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', `<p data-kind="thread" data-props='{"thread":"elsewhere-1"}'>x</p>`);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(shown.nth(1)).toContainText('This discussion is not here.');

  // Locked, the page can still be answered.
  await page.getByRole('button', { name: 'More for this page' }).click();
  await page.getByRole('menuitem', { name: 'Lock', exact: true }).click();
  await expect(poll.getByRole('button', { name: 'Edit' })).toHaveCount(0);
  await poll.getByRole('radio', { name: /^The top/ }).click();
  await expect(poll.getByRole('radio', { name: /^The top/ })).toHaveAttribute('aria-checked', 'true');
  await expect(third).toContainText('0 votes');
  await page.getByRole('button', { name: 'More for this page' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(app.title).toHaveValue('Ladder training (copy)');
  await expect(third).toContainText('0 votes');
  await expect(poll.getByRole('radio', { name: /^The top/ })).toContainText('0 votes');
  await expect(tick).toHaveAttribute('aria-checked', 'false');
});

test('[P6] a consultation out of its template: open until a day, comments late and in time, each decided with a reason, then ended', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump' }).fill('from a template');
  await expect(page.getByRole('option', { selected: true })).toContainText('from a template');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New page from a template' });
  await dialog.getByRole('combobox', { name: 'Template' }).selectOption({ label: 'Consultation, comes with Caravan' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('New rota');
  await dialog.getByRole('button', { name: 'Make the page' }).click();
  await expect(app.title).toHaveValue('New rota');
  const notice = page.getByRole('note', { name: 'Consultation' });
  await expect(notice).toContainText('Open for comment until');
  await expect(page.getByRole('group', { name: 'Poll' })).toContainText('Do you agree with this draft?');

  const write = async (words: string, comment: string): Promise<void> => {
    await select(page, words);
    await page.keyboard.press('Control+Alt+m');
    await expect(page.getByRole('textbox', { name: 'Comment' })).toBeFocused();
    await page.keyboard.type(comment);
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('article').filter({ hasText: comment })).toBeVisible();
    await expect(app.text).toBeFocused();
  };
  await write('What is proposed', 'Too early.');
  await expect(notice).toContainText('1 comment so far.');
  await page.getByRole('button', { name: /^Open for comment until/ }).click();
  const field = page.getByLabel('Open for comment until');
  await expect(field).toBeFocused();
  await field.fill(new Date(Date.now() - TWO_DAYS).toISOString().slice(0, 10));
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(notice).toContainText('1 comment of 1 is undecided.');
  await expect(notice).toContainText('1 comment came late, by its writer’s clock.');
  await write('The draft', 'Twelve hours are too long.');
  await expect(notice).toContainText('2 comments of 2 are undecided.');

  const card = (words: string) => page.getByRole('article').filter({ hasText: words });
  await expect(card('Too early.')).toContainText('Came late');
  await picture(page, 'consultation');
  await sound(page, 'consultation');
  await card('Too early.').getByRole('button', { name: 'Decline' }).press('Enter');
  await expect(page.getByRole('textbox', { name: 'Why it is declined' })).toBeFocused();
  await page.keyboard.type('The hour is fixed.');
  await page.keyboard.press('Enter');
  await expect(card('Too early.')).toContainText('Declined by Mira Okafor');
  await expect(notice).toContainText('1 comment of 2 is undecided.');
  await page.getByRole('combobox', { name: 'Show' }).selectOption('undecided');
  await expect(page.getByRole('article', { name: /^Comment on/ })).toHaveCount(1);
  await card('Twelve hours').getByRole('button', { name: 'Accept' }).press('Enter');
  await expect(page.getByRole('textbox', { name: /^Why it is accepted/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(notice).toContainText('This consultation has ended: 1 accepted, 1 declined.');
  await page.getByRole('combobox', { name: 'Show' }).selectOption('all');
  await card('Too early.').getByRole('button', { name: 'Take back' }).press('Enter');
  await expect(notice).toContainText('1 comment of 2 is undecided.');
  await card('Too early.').getByText('Decided before').click();
  await expect(card('Too early.')).toContainText('The hour is fixed.');
});
