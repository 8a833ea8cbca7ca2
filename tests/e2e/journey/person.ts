// One person with one window: what they see and do on a page, by the names that a screen reader would say.
import {
  expect,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from '@playwright/test';
import { startHost, type Program } from './programs.ts';

export class Person {
  readonly name: string;
  readonly data: string;
  readonly #browser: Browser;
  #host: Program | null = null;
  #context: BrowserContext | null = null;
  #page: Page | null = null;

  constructor(name: string, data: string, browser: Browser) {
    this.name = name;
    this.data = data;
    this.#browser = browser;
  }

  /** Whether a window is open. */
  get isHere(): boolean {
    return this.#page !== null;
  }

  get window(): Page {
    if (!this.#page) throw new Error(`${this.name} has no window open`);
    return this.#page;
  }

  get host(): Program {
    if (!this.#host) throw new Error(`${this.name} has no host running`);
    return this.#host;
  }

  /** Starts Caravan and opens its window. @param clock milliseconds by which the host's clock is ahead. */
  async start(options: BrowserContextOptions = {}, clock = 0): Promise<void> {
    this.#host = await startHost(this.data, clock);
    this.#context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    this.#page = await this.#context.newPage();
    await this.#page.goto(this.#host.url);
  }

  /** Closes the window and ends Caravan; the exit code. */
  async quit(): Promise<number | null> {
    await this.#context?.close();
    this.#context = null;
    this.#page = null;
    const code = (await this.#host?.stop()) ?? null;
    this.#host = null;
    return code;
  }

  get title(): Locator {
    return this.window.getByRole('textbox', { name: 'Title' });
  }
  get text(): Locator {
    return this.window.getByRole('textbox', { name: 'Page text' });
  }
  block(holding: string): Locator {
    return this.text.locator('.block', { hasText: holding });
  }
  get status(): Locator {
    return this.window.getByRole('button', { name: /^Where this (?!card)\w+ is/ });
  }
  treeItem(title: string): Locator {
    return this.window.getByRole('treeitem', { name: title });
  }

  /** A new page by the space's button; its title is typed, and the caret goes on to the text. */
  async newPage(space: string, title: string): Promise<void> {
    await this.window.getByRole('button', { name: `New page in ${space}` }).click();
    await expect(this.title).toBeFocused();
    await this.window.keyboard.type(title);
    await this.window.keyboard.press('Enter');
    await expect(this.text).toBeFocused();
  }

  async open(title: string): Promise<void> {
    await this.treeItem(title).first().click();
    await expect(this.title).toHaveValue(title);
    await expect(this.text).toBeVisible();
  }

  /** Puts the caret at the end of the block that holds `holding`. */
  async caretAtEndOf(holding: string): Promise<void> {
    await this.block(holding).click();
    await this.window.keyboard.press('End');
  }
}
