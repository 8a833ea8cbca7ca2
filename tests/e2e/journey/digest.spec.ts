// What came while a computer was away, with two people over a real relay: one page, by keys, each thing exactly where it is; done here and taken back.
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { picture } from '../pictures.ts';
import { sound } from '../sound-look.ts';
import { caravan, startHost } from './programs.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

const HOUR = 3_600_000;

test('[D1] back after an absence one page says what is asked, decided, moved and changed; keys walk, open exactly there and are done with it; it goes out as Markdown', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  await bo.newPage('Everyone', 'Pass procedure');
  await bo.window.keyboard.type('Start the recorder three minutes before rise.');
  await expect(bo.status).toHaveAccessibleName(/On relay/);
  await ana.open('Pass procedure');
  await expect(ana.text).toContainText('three minutes');
  await bo.window.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name: 'Home' }).click();
  await expect(bo.window.getByRole('navigation', { name: 'Workspace' })).not.toContainText('While you were away');
  expect(await bo.quit()).toBe(0);
  // His computer was last linked sixty-two hours ago, by its clock.
  const then = await startHost(bo.data, -62 * HOUR);
  await caravan(bo.data, 'sync', '--wait');
  expect(await then.stop()).toBe(0);

  await ana.caretAtEndOf('three minutes');
  await ana.window.keyboard.press('Enter');
  await ana.window.keyboard.type('Ask @Bo');
  await expect(ana.window.getByRole('option', { name: /^Bo/ }).first()).toBeVisible();
  await ana.window.keyboard.press('Enter');
  await ana.window.keyboard.type('for the key');
  await expect(ana.status).toHaveAccessibleName(/On relay/);

  await bo.start();
  const { window: his } = bo;
  const side = his.getByRole('navigation', { name: 'Workspace' });
  await expect(side.getByRole('button', { name: /^While you were away 2/ })).toBeVisible();
  const line = his.getByRole('main').getByRole('link', { name: /^While you were away: 2 things/ });
  await line.click();
  await expect(his.getByRole('heading', { name: 'While you were away', level: 1 })).toBeVisible();
  const asked = his.getByRole('region', { name: /^Asked of you/ });
  const followed = his.getByRole('region', { name: /^What you follow/ });
  await expect(asked.getByRole('link', { name: 'Ana mentioned you in Pass procedure' })).toBeVisible();
  await expect(followed).toContainText('words added');
  await expect(followed.getByRole('insertion').first()).toContainText('for the key');
  await sound(his, 'digest');
  await picture(his, 'digest');

  await his.keyboard.press('j');
  await expect(asked.getByRole('link')).toBeFocused();
  await his.keyboard.press('j');
  await expect(followed.getByRole('link')).toBeFocused();
  await his.keyboard.press('k');
  await his.keyboard.press('Enter');
  await expect(bo.title).toHaveValue('Pass procedure');
  // The caret stands in the block that names him.
  const caret = () => getSelection()?.anchorNode?.parentElement?.closest('.block')?.textContent ?? '';
  await expect.poll(() => his.evaluate(caret)).toContain('for the key');
  await his.goBack();
  // What was looked at stands there until it is done.
  await expect(asked.getByRole('link')).toBeVisible();

  const saved = his.waitForEvent('download');
  await his.getByRole('button', { name: 'Save' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^While you were away \d{4}-\d\d-\d\d\.md$/);
  expect(await readFile(await file.path(), 'utf8')).toContain(
    '**Ana** mentioned you in [Pass procedure](caravan://page#',
  );

  await asked.getByRole('link').focus();
  await his.keyboard.press('e');
  await expect(asked).toBeHidden();
  await expect(followed.getByRole('link')).toBeFocused();
  await his.keyboard.press('Shift+E');
  await expect(his.getByRole('heading', { name: 'Everything done' })).toBeVisible();
  await his.getByRole('button', { name: 'Undo' }).last().click();
  await expect(followed.getByRole('link')).toBeVisible();
  await his.getByRole('button', { name: 'Everything done' }).click();
  await expect(followed).toBeHidden();
  await his.getByRole('button', { name: /with what is done$/ }).click();
  await expect(asked.getByRole('link')).toBeVisible();
  await side.getByRole('button', { name: 'Home' }).click();
  await expect(side).not.toContainText('While you were away');
  await expect(line).toBeHidden();
});
