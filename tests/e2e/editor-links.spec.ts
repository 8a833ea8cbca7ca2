// Links in pages, in real windows: signs and menus, live titles, previews, places on a page, and who links here.
import type { Page } from '@playwright/test';
import type { App } from './app-window.ts';
import { expect, test } from './app-window.ts';
import { axeOn } from './sound-look.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

/** A page with the caret in its text. */
async function write(app: App, title: string, text = ''): Promise<void> {
  await app.newPage(title);
  await app.page.keyboard.press('Enter');
  await expect(app.text).toBeFocused();
  if (text !== '') await app.page.keyboard.type(text);
}
const menu = (page: Page) => page.getByRole('listbox', { name: 'Link to a page' });
const embeds = (app: App, kind: string) => app.text.locator(`[data-embed="${kind}"]`);

test('[W4] [[ finds a page with its path and puts in its title, which follows a renaming; own words stay', async ({
  app,
}) => {
  const { page } = app;
  await write(app, 'Winter plan', 'The plan itself.');
  await write(app, 'Notes', 'See [[wint');
  const row = menu(page).getByRole('option').first();
  await expect(row).toContainText('Winter plan');
  await expect(row).toContainText('Everyone');

  await page.keyboard.press('Enter');
  await expect(embeds(app, 'page')).toHaveText('Winter plan');
  await page.keyboard.type(' and [[winter|our words');
  await expect(menu(page).getByRole('option').first()).toContainText('Winter plan');
  await page.keyboard.press('Enter');
  await expect(app.text.locator('.block')).toHaveText('See Winter plan and our words');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await expect(second.locator('.page-text [data-embed="page"]')).toHaveText('Winter plan');
  await app.row('Winter plan').click();
  await expect(app.title).toHaveValue('Winter plan');
  await page.keyboard.press('Escape');
  await app.title.fill('Summer plan');
  await expect(second.locator('.page-text .block')).toHaveText('See Summer plan and our words');
  await second.locator('.page-text [data-embed="page"]').click();
  await expect(second.getByRole('textbox', { name: 'Title' })).toHaveValue('Summer plan');
  await second.close();
});

test('[W4] [[ ends with a new page below this one; a link that leads nowhere says so, and previews come by pointer and key', async ({
  app,
}) => {
  const { page } = app;
  await write(app, 'Notes', 'See [[Night shift');
  await expect(menu(page).getByRole('option').last()).toContainText('Create page “Night shift”');
  await page.keyboard.press('Enter');
  await expect(embeds(app, 'page')).toHaveText('Night shift');
  await expect.poll(() => app.tree()).toContain('2 Night shift');
  // A page of whatever space or time that is not here: its address alone tells nothing.
  await paste(page, `page:${'x'.repeat(22)}`);
  await expect(embeds(app, 'page').nth(1)).toHaveText('a page that is not here');
  await embeds(app, 'page').nth(1).click();
  await expect(page.getByText('This link leads to a page that is not here.')).toBeVisible();
  await expect(app.title).toHaveValue('Notes');

  await app.row('Night shift').click();
  await expect(app.title).toHaveValue('Night shift');
  await app.text.click();
  await page.keyboard.type('Two of us stay until six.');
  await app.visit('Notes');
  const preview = page.getByRole('tooltip');
  await embeds(app, 'page').first().hover();
  await expect(preview).toContainText('Two of us stay until six.');
  await expect(preview).toContainText('Everyone / Notes');
  await page.keyboard.press('Escape');
  await expect(preview).toBeHidden();
  await page.mouse.move(10, 400);
  await app.text
    .locator('.block')
    .first()
    .click({ position: { x: 4, y: 10 } });
  // The editor hears of a caret that the browser moved a moment later: until it has, keys come too early.
  await expect(async () => {
    await page.keyboard.press('Home');
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowRight');
    await expect(app.text.locator('.ProseMirror-selectednode')).toHaveText('Night shift', { timeout: 500 });
  }).toPass();
  await expect(preview).toContainText('Two of us stay until six.');
  await page.keyboard.press('Enter');
  await expect(app.title).toHaveValue('Night shift');

  await app.row('Night shift').press('Delete');
  await app.visit('Notes');
  await expect(embeds(app, 'page').first()).toHaveText('Night shift (archived)');
});

test('[W5] @ mentions who may read the space, and days in words; a calendar takes one by keys', async ({ app }) => {
  const { page } = app;
  await page.clock.install({ time: new Date(2026, 10, 30, 12) });
  await page.reload();
  await write(app, 'Minutes', 'With @mir');
  await expect(page.getByRole('listbox', { name: 'Mention a person or a day' }).getByRole('option')).toHaveText([
    /Mira Okafor/,
  ]);
  await page.keyboard.press('Enter');
  await expect(embeds(app, 'mention')).toHaveText('@Mira Okafor');
  // The space typed here stands for the one that was added.
  await page.keyboard.type(' on @tomo');
  await page.keyboard.press('Enter');
  await expect.poll(() => app.text.locator('.block').textContent()).toBe('With @Mira Okafor on Tomorrow ');
  await page.keyboard.type('or @2026-12-24');
  await page.keyboard.press('Enter');
  await expect(embeds(app, 'date')).toHaveText(['Tomorrow', /24/]);
  await expect(embeds(app, 'date').first()).toHaveAttribute('title', /December 1, 2026|1 December 2026/);
  await page.keyboard.type('or @pick');
  await page.keyboard.press('Enter');
  const calendar = page.getByRole('dialog', { name: 'Pick a date' });
  await expect(calendar.locator(':focus')).toHaveText('30');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(calendar.locator(':focus')).toHaveText('8');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Enter');
  await expect(calendar).toBeHidden();
  await expect(embeds(app, 'date')).toHaveCount(3);
  await expect(embeds(app, 'date').last()).toHaveAttribute('title', /January 8, 2027|8 January 2027/);
  await expect(app.text).toBeFocused();
  await page.keyboard.type('.');
  await expect(app.text.locator('.block')).toHaveText(/^With @Mira Okafor on Tomorrow or .*24.* or .*8.* \.$/);
});

test('[W24] a link to a block goes there and marks it; of one that is gone that is said', async ({ app }) => {
  const { page } = app;
  // The mark is there for a moment alone: what had it is written down.
  await page.addInitScript(() => {
    const marked: string[] = ((window as unknown as { marked: string[] }).marked = []);
    const look = (): void => {
      for (const block of document.querySelectorAll('.revealed')) marked.push(block.textContent ?? '');
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.reload();
  await write(app, 'Long page');
  for (let line = 0; line < 40; line += 1) {
    await page.keyboard.type(`Line ${line}`);
    await page.keyboard.press('Enter');
  }
  const block = await app.text.locator('.block').nth(35).getAttribute('data-id');
  const linked = /\/d\/([^/]+)/.exec(page.url())![1]!;
  await write(app, 'Notes', 'At ');
  await paste(page, `page:${linked}#${block}`);
  await expect(embeds(app, 'page')).toHaveText('Long page ¶');
  await page.keyboard.type(' and ');
  await paste(page, `page:${linked}#gone`);
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await embeds(app, 'page').first().click();
  await expect(app.title).toHaveValue('Long page');
  const line = app.text.locator('.block').nth(35);
  await expect(line).toBeInViewport();
  await expect.poll(() => page.evaluate(() => (window as unknown as { marked: string[] }).marked)).toContain('Line 35');
  await expect(line).not.toHaveClass(/revealed/);
  await page.keyboard.type('here: ');
  await expect(line).toHaveText('here: Line 35');
  await app.visit('Notes');
  await embeds(app, 'page').last().click();
  await expect(page.getByText('The place that this link leads to is gone from this page')).toBeVisible();
  await expect(app.title).toHaveValue('Long page');
});

test('[W21] who links here with the line, who only says the name, and "Link it" with undo', async ({ app }) => {
  const { page } = app;
  await write(app, 'Winter plan');
  await write(app, 'Diary', 'The winter plan is late.');
  await write(app, 'Notes', 'Read [[winter');
  await page.keyboard.press('Enter');
  await page.keyboard.type(' before Monday');
  await app.visit('Winter plan');
  await page.keyboard.press('Control+Alt+KeyK');
  const panel = page.getByRole('tabpanel', { name: 'Links' });
  await expect(panel.getByRole('button', { name: 'Read Winter plan before Monday' })).toBeVisible();
  await panel.getByRole('button', { name: 'Mentioned without a link' }).click();
  const linkIt = panel.getByRole('button', { name: 'Link “winter plan” in Diary' });
  await linkIt.click();
  await expect(linkIt).toBeHidden();
  await expect(panel.getByRole('button', { name: 'The winter plan is late.' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(linkIt).toBeVisible();
  await linkIt.click();
  await panel.getByRole('button', { name: 'The winter plan is late.' }).click();
  await expect(app.title).toHaveValue('Diary');
  await expect(app.text.locator('a.link')).toHaveText('winter plan');
  await app.text.locator('a.link').click();
  await expect(app.title).toHaveValue('Winter plan');
  const { violations } = await axeOn(page).include('aside[aria-label="Beside the page"]').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});

/** As another program would have copied it. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((copied) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', copied);
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }, text);
}
