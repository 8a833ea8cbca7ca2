// Caravan in real Electron, through Playwright's `_electron`. Where Electron's binary is not there these are skipped loudly:
// what they would show is then shown in part by tests/interop/electron-shell.test.ts, on a double.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { electronArguments, electronExecutable } from '../../build/electron-runtime.js';

const executable = electronExecutable();
let data = '';
let app: ElectronApplication | null = null;

test.beforeEach(() => {
  // eslint-disable-next-line no-console -- a skip that nobody reads is a lie
  if (executable === null) console.warn('!! SKIPPED: no Electron binary here (node_modules/electron/dist).');
  test.skip(executable === null, 'no Electron binary here (node_modules/electron/dist); run `npx install-electron`');
  data = mkdtempSync(path.join(os.tmpdir(), 'caravan-real-electron-'));
});
test.afterEach(async () => {
  await app?.close();
  app = null;
  if (data !== '') rmSync(data, { recursive: true, force: true });
  data = '';
});

async function open(): Promise<Page> {
  app = await _electron.launch({ executablePath: executable ?? '', args: electronArguments(data), timeout: 30_000 });
  return app.firstWindow();
}

async function startWorkspace(window: Page): Promise<void> {
  await window.getByLabel('Your name').fill('Ana');
  await window.getByLabel('Name of the workspace').fill('Perigee');
  await window.keyboard.press('Enter');
}

test('[X6] [X7] in Electron: first run, a page, quit, start again, every word is there (needs the binary of Electron)', async () => {
  let window = await open();
  await startWorkspace(window);
  await window.getByRole('button', { name: 'New page in Everyone' }).click();
  await window.keyboard.type('In Electron');
  await window.keyboard.press('Enter');
  await window.keyboard.type('Typed right before quitting.');
  await expect(window.getByRole('button', { name: /^Where this page is.*Saved here/ })).toBeVisible();
  await app?.close();
  window = await open();
  await window.getByRole('treeitem', { name: 'In Electron' }).first().click();
  await expect(window.getByRole('textbox', { name: 'Page text' })).toContainText('Typed right before quitting.');
});

test('[issue 2, item 5] in Electron: the page has no Node, no way out, and the strict policy holds (needs the binary of Electron)', async () => {
  const window = await open();
  expect(window.url()).toBe('app://caravan/index.html');
  expect(
    await window.evaluate(() => [typeof globalThis.process, 'require' in globalThis, 'caravanShell' in window]),
  ).toEqual(['undefined', false, true]);
  expect(await window.evaluate(() => globalThis.open('https://example.org/'))).toBeNull();
  const refused = await window.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
          once: true,
        });
        const script = document.createElement('script');
        script.textContent = 'globalThis.ran = true';
        document.head.append(script);
      }),
  );
  expect(refused).toMatch(/^script-src/);
  expect(await window.evaluate(async () => (await fetch('app://caravan/..%2felectron/main.js')).status)).toBe(404);
  expect(await window.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state)).toBe(
    'denied',
  );
});
