// One host in a new empty folder and one window onto it, for the specs of the app: steps that many of them share.
import { type Locator, type Page, expect, test as base } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallName, CallParams, CallResult } from '../../app/contract/calls.ts';
import { callHost } from './host-call.ts';
import { startHost, type Program } from './journey/programs.ts';

export class App {
  readonly page: Page;
  readonly data: string;
  #host: Program;

  constructor(page: Page, data: string, host: Program) {
    this.page = page;
    this.data = data;
    this.#host = host;
  }

  get title(): Locator {
    return this.page.getByRole('textbox', { name: 'Title' });
  }
  get text(): Locator {
    return this.page.getByRole('textbox', { name: 'Page text' });
  }
  get status(): Locator {
    return this.page.getByRole('button', { name: /^Where this (?!card)\w+ is/ });
  }
  row(title: string): Locator {
    return this.page.getByRole('treeitem', { name: title, exact: true });
  }
  /** The titles of the tree from top to bottom, each with its level. */
  async tree(): Promise<string[]> {
    return this.page
      .getByRole('treeitem')
      .evaluateAll((rows) => rows.map((row) => `${row.getAttribute('aria-level')} ${row.getAttribute('aria-label')}`));
  }

  /** Opens the window by the address that the host printed. */
  async open(): Promise<void> {
    await this.page.goto(this.#host.url);
  }

  async stopHost(): Promise<void> {
    await this.#host.stop();
  }
  /** Ends the host as a power cut would. */
  async killHost(): Promise<void> {
    await this.#host.kill();
  }
  /** The same folder again; the window finds it by itself. */
  async startHost(): Promise<void> {
    this.#host = await startHost(this.data);
  }

  async firstRun(name = 'Mira Okafor', workspace = 'Perigee'): Promise<void> {
    await this.page.getByLabel('Your name').fill(name);
    await this.page.getByLabel('Name of the workspace').fill(workspace);
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByRole('heading', { name: 'No pages yet' })).toBeVisible();
  }

  async newPage(title: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New page in Everyone' }).click();
    await expect(this.title).toBeFocused();
    await expect(this.title).toHaveValue('');
    await this.page.keyboard.type(title);
    await expect(this.row(title)).toBeVisible();
  }

  async visit(title: string): Promise<void> {
    await this.row(title).click();
    await expect(this.title).toHaveValue(title);
  }

  /** A call as the window itself would make it. */
  async call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> {
    return callHost(this.page, name, params);
  }
}

/** `app`: a host in an empty folder with its window open on the first run. */
export const test = base.extend<{ app: App; folder: string }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'caravan-app-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  app: async ({ page, folder }, use) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.stack ?? String(error)));
    const data = join(folder, 'data');
    const app = new App(page, data, await startHost(data));
    await app.open();
    await use(app);
    await app.stopHost();
    expect(faults).toEqual([]);
  },
});
export { expect };
