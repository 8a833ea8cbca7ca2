// The main job: two people, two hosts, a relay process, one page; together, apart, stopped and started, and together again.
import { expect, test } from '@playwright/test';
import { caravan, Folders, startRelay, type Program } from './programs.ts';
import { Person } from './person.ts';

const folders = new Folders();
let relay: Program | null = null;
const people: Person[] = [];

test.afterEach(async () => {
  for (const person of people.splice(0)) await person.quit();
  await relay?.stop();
  relay = null;
  await folders.remove();
});

test('[W16] [W26] [X8] two people write one page through a relay, go on without it, quit, start, and have every word', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const relayData = await folders.make('relay');
  relay = await startRelay(relayData, 0);
  const port = Number(new URL(relay.url).port);
  const [anaData, boData] = [await folders.make('ana'), await folders.make('bo')];
  await caravan(anaData, 'init', '--name', 'Ana', '--workspace', 'Perigee');
  await caravan(anaData, 'relay', 'attach', relay.url);
  const { link } = (await caravan(anaData, 'invite')) as { link: string };
  await caravan(boData, 'join', link, '--name', 'Bo');

  const ana = new Person('Ana', anaData, browser);
  const bo = new Person('Bo', boData, browser);
  people.push(ana, bo);
  await Promise.all([ana.start(), bo.start()]);

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
    expect(await relay?.stop()).toBe(0);
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
    relay = await startRelay(relayData, port);
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
