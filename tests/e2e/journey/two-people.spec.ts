// The main job: two people, two hosts, a relay process, one page; together, apart, stopped and started, and together again.
import { expect, test } from '@playwright/test';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

test('[W16] [W26] [X8] two people write one page through a relay, go on without it, quit, start, and have every word', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);

  await test.step('together: words and cursors', async () => {
    await ana.newPage('Everyone', 'Dish alignment');
    await ana.window.keyboard.type('The dish must stay within the track.');
    await expect(ana.status).toHaveAccessibleName(/Saved here, On relay/);
    await bo.open('Dish alignment');
    await expect(bo.text).toContainText('The dish must stay within the track.');
    await bo.caretAtEndOf('The dish');
    await bo.window.keyboard.type(' Wind moves the mast.');
    await expect(ana.text).toContainText('Wind moves the mast.');
    // Each sees the other's caret with a name on it.
    await expect(ana.text.getByText('Bo', { exact: true })).toBeAttached();
    await ana.window.keyboard.press('ArrowLeft');
    await expect(bo.text.getByText('Ana', { exact: true })).toBeAttached();
    await expect(bo.status).toHaveAccessibleName(/Saved here, On relay/);
  });

  await test.step('the relay is gone: both go on in the same paragraph, one makes it a heading', async () => {
    expect(await stage.stopRelay()).toBe(0);
    await expect(ana.status).toHaveAccessibleName(/Saved here/);
    await ana.caretAtEndOf('The dish');
    await ana.window.keyboard.type(' ANA-AWAY');
    await bo.window.keyboard.press('Home');
    await bo.window.keyboard.type('BO-AWAY ');
    await bo.window.keyboard.press('Home');
    await bo.window.keyboard.type('## ');
    await expect(bo.block('BO-AWAY')).toHaveAttribute('data-kind', 'heading');
    for (const person of [ana, bo]) {
      await expect(person.status).toHaveAccessibleName(/Saved here, Offline since .*1 waiting/);
    }
  });

  await test.step('both quit and start again without the relay: each has their own words, and the truth is the same', async () => {
    expect(await ana.quit()).toBe(0);
    expect(await bo.quit()).toBe(0);
    await Promise.all([ana.start(), bo.start()]);
    await ana.open('Dish alignment');
    await bo.open('Dish alignment');
    await expect(ana.text).toContainText('ANA-AWAY');
    await expect(bo.text).toContainText('BO-AWAY');
    for (const person of [ana, bo]) {
      await expect(person.status).toHaveAccessibleName(/Saved here, (Offline since .*1 waiting|Not on relay yet)/);
    }
  });

  await test.step('the relay is back: every word once, in one heading, for both', async () => {
    await stage.startRelay();
    const whole = 'BO-AWAY The dish must stay within the track. Wind moves the mast. ANA-AWAY';
    for (const person of [ana, bo]) {
      // Back-off is at most 30 s, and a person who waits for a relay waits that long.
      await expect(person.block('BO-AWAY')).toHaveText(whole, { timeout: 45_000 });
      await expect(person.block('BO-AWAY')).toHaveAttribute('data-kind', 'heading');
      await expect(person.text.locator('.block')).toHaveCount(1);
      await expect(person.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 45_000 });
    }
  });
});
