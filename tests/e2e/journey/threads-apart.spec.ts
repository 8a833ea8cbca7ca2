// Discussions of two people over a real relay, together and apart: what is unread, what waits, what arrives late, a question with its answer, votes.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { picture } from '../pictures.ts';
import { sound } from '../sound-look.ts';
import type { Person } from './person.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

const SPACE = 'Everyone';
const discussions = (page: Page): Locator =>
  page.getByRole('region', { name: SPACE }).getByRole('button', { name: /^Discussions/ });
const post = (page: Page, text: string): Locator => page.getByRole('article').filter({ hasText: text });

async function begin(page: Page, type: string, title: string, text: string): Promise<void> {
  await discussions(page).click();
  await page
    .getByRole('button', { name: /^(New|Begin one)$/ })
    .first()
    .click();
  const form = page.getByRole('form', { name: 'New discussion' });
  await form.getByText(type, { exact: true }).click();
  await form.getByRole('textbox').first().fill(title);
  await form.getByRole('textbox', { name: 'More about it' }).fill(text);
  await form.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue(title);
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Write a post' }).fill(text);
  await page.keyboard.press('Control+Enter');
  await expect(post(page, text)).toBeVisible();
}

async function choose(page: Page, text: string, item: string): Promise<void> {
  await post(page, text).hover();
  await post(page, text).getByRole('button', { name: 'More for this post' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('[T1] [T2] [T3] [T4] [T7] [T8] [T11] a question of two: unread and read, answered by reply and quote, accepted, and the list says so', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [ana.window, bo.window];
  await discussions(hers).click();
  await expect(hers.getByRole('heading', { name: 'Nobody has begun a discussion here' })).toBeVisible();
  await picture(hers, 'threads-empty');
  await begin(
    hers,
    'Question',
    'Doppler lag, descending',
    'The receiver **trails** the signal. <img src=x onerror=alert(1)>',
  );

  await expect(discussions(his)).toHaveText(/Discussions\s*1\s*unread/);
  await discussions(his).click();
  await expect(his.getByRole('main').getByRole('listitem')).toContainText('Not answered yet');
  await picture(his, 'threads-list');
  await sound(his, 'list of discussions');
  await his.getByRole('link', { name: 'Doppler lag, descending' }).click();
  await expect(his.getByRole('separator', { name: 'New' })).toBeVisible();
  await expect(post(his, 'trails').locator('img')).toHaveCount(0);
  // Half a second on screen: it is read, also in the sidebar.
  await expect(discussions(his)).toHaveText('Discussions');

  await post(his, 'trails').focus();
  await his.keyboard.press('q');
  const field = his.getByRole('textbox', { name: 'Write a post' });
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(/^> The receiver/);
  await his.keyboard.press('Control+End');
  await his.keyboard.type('Round to nearest.');
  await his.keyboard.press('Control+Enter');
  await expect(post(hers, 'Round to nearest.')).toBeVisible();
  await post(hers, 'Round to nearest.').hover();
  await post(hers, 'Round to nearest.').getByRole('button', { name: 'React to Bo' }).click();
  await hers.getByRole('menuitemradio', { name: /Celebrate/ }).click();
  await expect(post(his, 'Round to nearest.').getByRole('button', { name: '🎉 by Ana' })).toHaveText('🎉 1');
  await choose(hers, 'Round to nearest.', 'Accept as the answer');
  for (const page of [hers, his]) {
    await expect(page.getByRole('region', { name: 'Accepted answer' })).toContainText('Round to nearest.');
  }
  await his.getByRole('button', { name: 'Me too' }).click();
  await expect(hers.getByRole('button', { name: 'Me too' })).toHaveText(/Me too\s+1/);
  await picture(hers, 'thread-question');
  await sound(hers, 'question');

  await his.keyboard.press('Escape');
  await post(his, 'Round to nearest.').focus();
  await his.keyboard.press('k');
  await expect(post(his, 'trails').first()).toBeFocused();
  await his.keyboard.press('u');
  await expect(discussions(his)).toHaveText(/1\s*unread/);
  await discussions(hers).click();
  await expect(hers.getByRole('main').getByRole('listitem')).toContainText('Answered');
});

test('[T5] [T6] apart: a post waits and says so, survives a kill, is told as late and is unread; a draft is there after a restart', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  await begin(ana.window, 'Discussion', 'Licence log', 'It is off by an hour.');
  await discussions(bo.window).click();
  await bo.window.getByRole('link', { name: 'Licence log' }).click();
  await expect(post(bo.window, 'off by an hour')).toBeVisible();
  const saved = async (person: Person): Promise<void> => {
    await expect(person.window.getByRole('button', { name: /^Where this/ })).toHaveAccessibleName(/Saved here/);
  };

  await saved(bo);
  expect(await stage.stopRelay()).toBe(0);
  await write(bo.window, 'From the ferry');
  await expect(post(bo.window, 'From the ferry')).toContainText('Waiting, kept on this computer');
  await bo.window.getByRole('textbox', { name: 'Write a post' }).fill('And a half sentence');
  await expect(bo.window.getByText('Draft saved')).toBeVisible();
  await saved(bo);
  await picture(bo.window, 'thread-apart');
  await bo.host.kill();
  await bo.quit();
  await bo.start();
  await discussions(bo.window).click();
  await bo.window.getByRole('link', { name: 'Licence log' }).click();
  await expect(post(bo.window, 'From the ferry')).toContainText('Waiting, kept on this computer');
  await expect(bo.window.getByRole('textbox', { name: 'Write a post' })).toHaveValue('And a half sentence');

  await write(ana.window, 'From the hut');
  // Ana's own later post was read here: what comes before it now comes late.
  await stage.startRelay();
  await expect(post(bo.window, 'From the ferry')).not.toContainText('Waiting');
  await expect(post(ana.window, 'From the ferry')).toBeVisible();
  for (const page of [ana.window, bo.window]) {
    await expect(page.getByRole('article')).toContainText(['off by an hour', 'From the ferry', 'From the hut']);
  }
});

test('[T12] [T13] [T17] an idea, a poll and an announcement: one vote a person, changed and taken back, decided with a reason', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [ana.window, bo.window];
  await begin(hers, 'Idea', 'A second site on the coast', 'For the low passes.');
  await discussions(his).click();
  await his.getByRole('link', { name: 'A second site on the coast' }).click();
  await his.getByRole('button', { name: 'Vote' }).click();
  await expect(hers.getByRole('button', { name: 'Vote' })).toHaveText(/Vote\s+1/);
  await hers.getByRole('combobox', { name: 'What becomes of it' }).selectOption('Planned');
  await hers.getByRole('textbox', { name: 'Reason' }).fill('When the road is open');
  await hers.getByRole('button', { name: 'Say so' }).click();
  await expect(his.getByText(/^Planned, said Ana/)).toContainText('When the road is open');
  await picture(his, 'thread-idea');

  await discussions(hers).click();
  await hers.getByRole('button', { name: 'New', exact: true }).click();
  const form = hers.getByRole('form', { name: 'New discussion' });
  await form.getByText('Poll', { exact: true }).click();
  await form.getByRole('textbox').first().fill('Where do we meet?');
  await form.getByRole('textbox', { name: 'Choice 1' }).fill('Hut');
  await form.getByRole('textbox', { name: 'Choice 2' }).fill('Ferry');
  await picture(hers, 'thread-new');
  await sound(hers, 'new discussion');
  await form.getByRole('button', { name: 'Begin' }).click();
  await discussions(his).click();
  await his.getByRole('link', { name: 'Where do we meet?' }).click();
  await his.getByRole('radio', { name: /^Hut/ }).click();
  await hers.getByRole('radio', { name: /^Ferry/ }).click();
  await his.getByRole('radio', { name: /^Ferry/ }).click();
  await expect(hers.getByRole('radio', { name: /^Ferry/ })).toHaveText(/Ferry\s+2 votes/);
  await hers.getByRole('radio', { name: /^Ferry/ }).click();
  await expect(his.getByRole('radio', { name: /^Ferry/ })).toHaveText(/Ferry\s+1 vote$/);
  await picture(his, 'thread-poll');
  await sound(his, 'poll');
});
