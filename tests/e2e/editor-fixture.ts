// The fixture of the editor's browser specs: the harness page, built once a worker and served from memory, and words to use it.
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { build } from 'vite';
import type { Harness } from './harness/main.ts';

declare global {
  interface Window {
    __harness: Harness;
  }
}

const ORIGIN = 'http://localhost';
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

/** One of the two editors on the harness page. */
export class Side {
  readonly page: Page;
  readonly name: 'a' | 'b';

  constructor(page: Page, name: 'a' | 'b') {
    this.page = page;
    this.name = name;
  }

  get text() {
    return this.page.locator(`#${this.name} .page-text`);
  }

  /** The block with this index. */
  block(index: number) {
    return this.text.locator(':scope > *').nth(index);
  }

  /** The stored page as lines, one a block: `kind` (heading with level, indent as leading dots, tick as x) and text. */
  lines(): Promise<string[]> {
    return this.page.evaluate((name) => window.__harness.lines(name), this.name);
  }

  /** What the editor shows, in the same letters; must always equal `lines()`. */
  shown(): Promise<string[]> {
    return this.page.evaluate((name) => window.__harness.shown(name), this.name);
  }

  async focusEnd(): Promise<void> {
    await this.page.evaluate((name) => window.__harness[name].editor.focusEnd(), this.name);
  }

  async focusStart(): Promise<void> {
    await this.page.evaluate((name) => window.__harness[name].editor.focusStart(), this.name);
  }

  /** Puts the caret (or a selection) into a block's text. */
  async select(block: number, from: number, to = from): Promise<void> {
    await this.page.evaluate(([name, ...at]) => window.__harness.select(name, ...at), [
      this.name,
      block,
      from,
      to,
    ] as const);
  }

  async expectLines(wanted: string[]): Promise<void> {
    await expect.poll(() => this.lines()).toEqual(wanted);
    expect(await this.shown()).toEqual(wanted);
  }
}

interface Fixtures {
  a: Side;
  b: Side;
}

export const test = base.extend<Fixtures, { harnessFolder: string }>({
  harnessFolder: [
    // Playwright reads the fixtures a function needs from its first parameter's pattern; this one needs none.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'caravan-harness-'));
      await build({
        root: join(import.meta.dirname, 'harness'),
        configFile: false,
        logLevel: 'warn',
        build: { outDir: folder, emptyOutDir: true, minify: false, target: 'chrome120' },
      });
      await use(folder);
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  page: async ({ page, harnessFolder }, use) => {
    await page.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = join(harnessFolder, pathname === '/' ? 'index.html' : pathname);
      try {
        const body = await readFile(file);
        await route.fulfill({ body, contentType: TYPES[extname(file)] ?? 'application/octet-stream' });
      } catch {
        await route.fulfill({ status: 404, body: 'not here' });
      }
    });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
    await page.goto(`${ORIGIN}/`);
    await page.waitForFunction(() => '__harness' in window);
    await use(page);
    expect(errors, 'errors on the page').toEqual([]);
  },
  a: async ({ page }, use) => use(new Side(page, 'a')),
  b: async ({ page }, use) => use(new Side(page, 'b')),
});

export { expect };
