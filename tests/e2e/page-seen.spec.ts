// "Changed since you last looked": what a colleague changed is marked when its member comes back to the page, and not again after that.
import { expect, test } from '@playwright/test';
import { callHost } from './host-call.ts';
import { Stage } from './journey/stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

test('[W20] two windows of two people: what the other changed since has a bar and a key to it, until one has looked', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  await ana.newPage('Everyone', 'Mast');
  for (const line of ['Wind moves it.', 'Ropes hold it.', 'Paint it.']) {
    await ana.window.keyboard.type(line);
    await ana.window.keyboard.press('Enter');
  }
  await ana.newPage('Everyone', 'Other');
  await bo.open('Mast');
  await expect(bo.text).toContainText('Paint it.');
  // A first look has nothing to compare with.
  await expect(bo.text.locator('.changed-since')).toHaveCount(0);
  await bo.caretAtEndOf('Ropes');
  await bo.window.keyboard.type(' Two of them.');
  // What comes while she looks at the page is no change since: it is at her computer before she opens it.
  const [, , workspace = '', , document = ''] = new URL(bo.window.url()).hash.split('/');
  await expect
    .poll(async () => (await callHost(ana.window, 'doc.markdown', { workspace, document })).markdown)
    .toContain('Two of them.');
  await ana.open('Mast');
  await expect(ana.text).toContainText('Two of them.');
  await expect(ana.text.locator('.changed-since')).toHaveText([/^Ropes hold it\. Two of them\./]);
  await expect(ana.window.getByText('1 block changed since you last looked')).toBeVisible();
  await ana.window.keyboard.press('F7');
  await expect(ana.text).toBeFocused();
  await ana.window.keyboard.type('Yes: ');
  await expect(ana.text).toContainText('Yes: ');
  await ana.open('Other');
  await ana.open('Mast');
  await expect(ana.text).toContainText('Two of them.');
  await expect(ana.text.locator('.changed-since')).toHaveCount(0);
  await expect(ana.window.getByText('since you last looked')).toHaveCount(0);
});
