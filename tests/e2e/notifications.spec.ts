// Real desktop notifications: headless Chromium hands them to a daemon of ours on a private D-Bus; a click there opens exactly the place. And their settings.
import { chromium, expect, test, type Browser } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { DesktopBus, dbusDaemon } from '../support/desktop-bus.ts';
import { Stage } from './journey/stage.ts';

const program = dbusDaemon();
/** Why it does not run, in its title. */
const ABSENT = program === null ? ' (needs dbus-daemon, of the package dbus)' : '';
const stage = new Stage();
let desktop: DesktopBus | null = null;
let browser: Browser | null = null;
test.afterEach(async () => {
  await stage.clear();
  await browser?.close();
  await desktop?.close();
  [browser, desktop] = [null, null];
});

// eslint-disable-next-line no-empty-pattern -- Playwright reads what a test needs from this pattern: a browser of its own
test(`[T19] [B13] [X12] a mention reaches the desktop with who, where and excerpt; a click opens it; hidden it says nothing; the title counts${ABSENT}`, async ({}, info) => {
  test.skip(program === null, 'no dbus-daemon here: install the package "dbus" to see real desktop notifications');
  desktop = await DesktopBus.open(program ?? '');
  const { executablePath, args } = info.project.use.launchOptions ?? {};
  browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    ...(args === undefined ? {} : { args }),
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: desktop.address },
  });
  const [ana, bo] = await stage.pair(browser);
  const mine = bo.window;
  await mine.context().grantPermissions(['notifications'], { origin: new URL(mine.url()).origin });

  // The settings: what the browser lets, one to try, and that the page is sound.
  await mine.getByRole('button', { name: 'Settings' }).click();
  const section = mine.getByRole('region', { name: 'Notifications' });
  await expect(section.getByText('This browser shows them while a window of Caravan is open.')).toBeVisible();
  await section.getByRole('button', { name: 'Try one' }).click();
  await expect.poll(() => desktop?.shown.map(({ summary }) => summary)).toEqual(['This is how Caravan notifies you']);
  const { violations } = await new AxeBuilder({ page: mine })
    .include('section[aria-labelledby=notifications]')
    .analyze();
  expect(violations).toEqual([]);

  await ana.newPage('Everyone', 'Pass plan');
  await ana.window.keyboard.type('Measure it before Friday, @Bo');
  await ana.window.getByRole('option', { name: /Bo/ }).click();
  await ana.window.keyboard.type(' please');
  await expect.poll(() => desktop?.shown.length, { timeout: 20_000 }).toBe(2);
  const shown = desktop.shown[1];
  expect(shown?.summary).toBe('Ana mentioned you');
  expect(shown?.body).toContain('Pass plan, in Everyone\nMeasure it before Friday');
  await expect(mine).toHaveTitle(/^\(1\) /);
  // The page takes the block out of the address once it has gone there.
  await mine.evaluate(() => {
    addEventListener('hashchange', () => (document.body.dataset['went'] ??= location.hash), { once: true });
  });
  desktop.click(shown?.id ?? 0);
  await expect(bo.title).toHaveValue('Pass plan');
  await expect(mine.locator('body')).toHaveAttribute('data-went', /\/d\/[\w-]+\/at\/[\w-]+/);
  await mine.getByRole('button', { name: 'Settings' }).click();
  // What was looked at, and left, counts no more.
  await expect(mine).toHaveTitle(/^(?!\()/);
  await section.getByLabel('They show').selectOption({ label: 'Only that there is news' });
  await expect(section.getByLabel('They show')).toHaveValue('all');
  await ana.newPage('Everyone', 'Secret plan');
  await ana.window.keyboard.type('For @Bo');
  await ana.window.getByRole('option', { name: /Bo/ }).click();
  await expect.poll(() => desktop?.shown.length, { timeout: 30_000 }).toBe(3);
  expect(desktop.shown[2]?.summary).toBe('News in Caravan');
  expect(desktop.shown[2]?.body).not.toContain('Secret');
});
