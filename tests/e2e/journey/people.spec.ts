// People over a real relay, together and apart: a profile, the directory, a question asked offline that reaches who knows, and what came of it as a reason.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { picture } from '../pictures.ts';
import { sound } from '../sound-look.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

const sidebar = (page: Page): Locator => page.getByRole('navigation', { name: 'Workspace' });
const row = (page: Page, name: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
const search = (page: Page): Locator => page.getByRole('searchbox', { name: /^Find people/ });

async function people(page: Page): Promise<void> {
  await sidebar(page).getByRole('button', { name: 'People', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Directory' })).toBeVisible();
}

test('[P1] [P2] [D9] [T11] who one is and knows, found offline; a question asked offline reaches who knows, and its accepted answer is a reason', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [ana.window, bo.window];

  // Bo says who he is, by keys.
  await people(his);
  await row(his, 'Bo').getByRole('link', { name: 'Bo' }).press('Enter');
  const own = his.getByRole('complementary', { name: 'Profile' });
  await expect(own).toContainText('Nothing is said of you yet');
  await own.getByRole('button', { name: 'Edit your profile' }).press('Enter');
  const form = his.getByRole('dialog', { name: 'Your profile' });
  await form.getByLabel('Name').fill('Bo <b>Hansen</b>');
  await form.getByLabel('Role').fill('Storage engineer');
  await form.getByLabel('Place').fill('Recife');
  await form.getByLabel('Time zone').fill('Nowhere/Land');
  await expect(form).toContainText('This computer knows no such time zone');
  await form.getByLabel('Time zone').fill('America/Recife');
  await form.getByLabel('Status').fill('On a flight');
  await form.getByLabel('Until').fill('2099-12-31T18:00');
  await form
    .getByRole('textbox', { name: 'Skills' })
    .or(form.getByRole('combobox', { name: 'Skills' }))
    .fill('LevelDB');
  await his.keyboard.press('Enter');
  await form.getByLabel('Current projects').fill('Second site');
  await his.keyboard.press('Enter');
  await expect(form.getByRole('list', { name: 'Your current projects' })).toContainText('Second site');
  const chooser = his.waitForEvent('filechooser');
  await form.getByRole('button', { name: 'Choose a picture…' }).press('Enter');
  const look = await his.screenshot({ type: 'png' });
  await (await chooser).setFiles({ name: 'me.png', mimeType: 'image/png', buffer: look });
  await expect(form.getByRole('img', { name: 'You, as chosen' })).toBeVisible();
  await sound(his, 'profile form');
  await picture(his, 'profile-form');
  await form.getByRole('button', { name: 'Save' }).press('Enter');
  await expect(form).toHaveCount(0);
  await expect(own).toContainText('On a flight until');
  await expect(own).toContainText(/Recife, \d\d:\d\d there/);
  await expect(own.locator('img')).toHaveJSProperty('naturalWidth', 256);

  // Ana finds him by what he knows, and the words in his name are words.
  await people(hers);
  const found = row(hers, 'Bo <b>Hansen</b>');
  await expect(found).toContainText('Storage engineer');
  await search(hers).fill('who knows about leveldb');
  await expect(found).toContainText('Skill: LevelDB');
  await hers.keyboard.press('ArrowDown');
  await expect(found.getByRole('link').first()).toBeFocused();
  await hers.keyboard.press('Enter');
  const profile = hers.getByRole('complementary', { name: 'Profile' });
  await expect(profile.getByRole('heading', { name: 'Bo <b>Hansen</b>' })).toBeVisible();
  await expect(profile.locator('img')).toHaveJSProperty('naturalWidth', 256);
  await profile.getByRole('button', { name: 'Follow', exact: true }).press('Enter');
  await expect(profile.getByRole('button', { name: 'Following' })).toBeVisible();
  await hers.getByRole('button', { name: 'Follow this topic' }).press('Enter');
  await expect(hers.getByRole('button', { name: 'Following this topic' })).toBeVisible();
  await picture(hers, 'people-found');
  await sound(hers, 'people');

  // Offline she asks what nobody has answered.
  expect(await stage.stopRelay()).toBe(0);
  await hers.getByRole('button', { name: 'Ask a question' }).press('Enter');
  await hers.getByRole('button', { name: 'Begin one' }).click();
  const begin = hers.getByRole('form', { name: 'New discussion' });
  await begin.getByText('Question', { exact: true }).click();
  await begin.getByRole('textbox').first().fill('LevelDB compaction stalls');
  await begin.getByRole('textbox', { name: 'More about it' }).fill('At noon, each day.');
  await begin.getByRole('button', { name: 'Begin' }).click();
  await expect(hers.getByRole('textbox', { name: 'Title' })).toHaveValue('LevelDB compaction stalls');
  await people(his);
  await his.getByRole('button', { name: 'Questions', exact: true }).click();
  await expect(his.getByRole('heading', { name: 'Nothing waits for an answer' })).toBeVisible();
  await stage.startRelay();
  const waiting = his.getByRole('list', { name: 'Unanswered questions' });
  await expect(waiting).toContainText('Your skill: LevelDB');
  await picture(his, 'people-queue');
  await sound(his, 'queue');
  await waiting.getByRole('link', { name: 'LevelDB compaction stalls' }).press('Enter');
  await his.getByRole('textbox', { name: 'Write a post' }).fill('Throttle the snapshots.');
  await his.keyboard.press('Control+Enter');

  const answer = hers.getByRole('article').filter({ hasText: 'Throttle the snapshots.' });
  await expect(answer).toBeVisible();
  await answer.hover();
  await answer.getByRole('button', { name: 'More for this post' }).click();
  await hers.getByRole('menuitem', { name: 'Accept as the answer' }).click();
  await expect(his.getByRole('region', { name: 'Accepted answer' })).toContainText('Throttle');
  await people(his);
  await his.getByRole('button', { name: 'Questions', exact: true }).click();
  await expect(his.getByRole('heading', { name: 'Nothing waits for an answer' })).toBeVisible();

  // And offline again, that is why he is found. His name beside the post leads to him as well.
  expect(await stage.stopRelay()).toBe(0);
  await answer.getByRole('link', { name: 'Bo <b>Hansen</b>' }).first().press('Enter');
  await expect(profile.getByRole('heading', { name: 'Bo <b>Hansen</b>' })).toBeVisible();
  await search(hers).fill('who knows about snapshots');
  await expect(found).toContainText('Answer accepted in LevelDB compaction stalls');
  await found.getByRole('link', { name: 'LevelDB compaction stalls' }).press('Enter');
  await expect(hers.getByRole('region', { name: 'Accepted answer' })).toContainText('Throttle');
});
