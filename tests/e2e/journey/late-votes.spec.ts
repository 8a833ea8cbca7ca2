// What arrives late between two computers: a vote that was cast in time, who has seen an announcement, a discussion that moved; and what a viewer may do with a poll.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { caravan } from './programs.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

const DAY = 86_400_000;

async function list(page: Page, space = 'Everyone'): Promise<void> {
  await page
    .getByRole('region', { name: space })
    .getByRole('button', { name: /^Discussions/ })
    .click();
}

async function form(page: Page, type: string, title: string): Promise<Locator> {
  await list(page);
  await page
    .getByRole('button', { name: /^(New|Begin one)$/ })
    .first()
    .click();
  const found = page.getByRole('form', { name: 'New discussion' });
  await found.getByText(type, { exact: true }).click();
  await found.getByRole('textbox').first().fill(title);
  return found;
}

test('[T13] [T14] [T17] a vote that was cast in time counts when it arrives behind the end; seen-by counts who has synced; a discussion moves by its dialog; a viewer sees a poll and is told why there is no vote', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [ana.window, bo.window];
  const poll = await form(hers, 'Poll', 'Where do we meet?');
  await poll.getByRole('textbox', { name: 'Choice 1' }).fill('Hut');
  await poll.getByRole('textbox', { name: 'Choice 2' }).fill('Ferry');
  const today = await hers.evaluate(() => {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
  });
  await poll.locator('input[type=date]').fill(today);
  await poll.getByRole('button', { name: 'Begin' }).click();
  const hut = (page: Page): Locator => page.getByRole('radio', { name: /^Hut/ });
  await expect(hut(hers)).toBeVisible();
  await list(his);
  await his.getByRole('link', { name: 'Where do we meet?' }).click();
  await expect(hut(his)).toBeEnabled();

  await test.step('apart, Bo votes before the end; the end passes on both computers', async () => {
    expect(await stage.stopRelay()).toBe(0);
    await hut(his).click();
    await expect(hut(his)).toHaveText(/Hut\s+1 vote$/);
    await expect(bo.status).toHaveAccessibleName(/Saved here/);
    for (const page of [hers, his]) {
      await page.clock.setFixedTime(Date.now() + 2 * DAY);
      // A window looks at the clock twice a minute, and when it opens.
      await page.reload();
      await expect(page.getByText(/It ended/)).toBeVisible();
      await expect(hut(page)).toBeDisabled();
    }
    await expect(hut(hers)).toHaveText(/Hut\s+0 votes/);
    await expect(hers.getByText(/provisional until everybody has synced/)).toBeVisible();
  });

  await test.step('an announcement that nobody else has is said to be seen by none of those who have it', async () => {
    const words = await form(hers, 'Announcement', 'The mast is down on Tuesday');
    await words.getByRole('button', { name: 'Begin' }).click();
    await hers.getByText(/^Seen by nobody yet/).click();
    await expect(hers.getByText('Not synced yet, as far as this computer knows: Bo.')).toBeVisible();
  });

  await test.step('together again: the vote counts, and Bo has seen it', async () => {
    await stage.startRelay();
    await list(his);
    await his.getByRole('link', { name: 'The mast is down on Tuesday' }).click();
    await expect(hers.getByText(/^Seen by 1 of 1 others whose devices have synced/)).toBeVisible();
    await expect(hers.getByText(/^Not synced yet/)).toHaveCount(0);
    await list(hers);
    await hers.getByRole('link', { name: 'Where do we meet?' }).click();
    await expect(hut(hers)).toHaveText(/Hut\s+1 vote$/);
    await expect(hers.getByText(/cast after the end/)).toHaveCount(0);
  });

  await test.step('the discussion moves by its dialog, and its old place leads to it', async () => {
    await list(his);
    await his.getByRole('link', { name: 'Where do we meet?' }).click();
    await expect(hut(his)).toBeVisible();
    await hers.getByRole('button', { name: 'More for this discussion' }).click();
    await hers.getByRole('menuitem', { name: 'Move to another space…' }).click();
    const dialog = hers.getByRole('dialog', { name: /^Move “Where do we meet/ });
    await dialog.getByRole('combobox', { name: 'To' }).selectOption('Off topic');
    await dialog.getByRole('button', { name: 'Move' }).click();
    for (const page of [hers, his]) {
      await expect(page.getByRole('navigation', { name: 'Where this is' })).toContainText('Off topic');
      await expect(hut(page)).toHaveText(/Hut\s+1 vote$/);
    }
  });

  await test.step('as a viewer Bo sees a poll, and why he cannot vote', async () => {
    const open = await form(hers, 'Poll', 'Which day?');
    await open.getByRole('textbox', { name: 'Choice 1' }).fill('Monday');
    await open.getByRole('textbox', { name: 'Choice 2' }).fill('Friday');
    await open.getByRole('button', { name: 'Begin' }).click();
    await hers.getByRole('radio', { name: /^Monday/ }).click();
    await list(his);
    await his.getByRole('link', { name: 'Which day?' }).click();
    await expect(his.getByRole('radio', { name: /^Monday/ })).toBeEnabled();
    const members = (await caravan(ana.data, 'member', 'list')) as { id: string; name: string }[];
    await caravan(ana.data, 'member', 'role', members.find(({ name }) => name === 'Bo')?.id ?? '', 'viewer');
    await expect(his.getByRole('radio', { name: /^Monday/ })).toBeDisabled();
    await expect(his.getByRole('radio', { name: /^Monday/ })).toHaveText(/Monday\s+1 vote$/);
    await expect(his.getByText(/You cannot vote here: it is closed, or you may only read\./)).toBeVisible();
  });
});
