// A board in a window of the app, by the names that a screen reader would say: steps that specs of boards share.
import { expect, type Locator, type Page } from '@playwright/test';

export class BoardWindow {
  page: Page;

  constructor({ page }: { readonly page: Page }) {
    this.page = page;
  }

  get #title(): Locator {
    return this.page.getByRole('textbox', { name: 'Title' });
  }

  column(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }
  /** The card whose accessible name begins with these words. */
  card(title: string): Locator {
    return this.page.getByRole('option', { name: new RegExp(`^${title}`) });
  }
  /** The titles in a column, from top to bottom. */
  async titles(column: string): Promise<string[]> {
    const cards = this.column(column).getByRole('option');
    const placed = await cards.evaluateAll((all) =>
      all.map(
        (card) => [Number(card.getAttribute('aria-posinset')), card.querySelector('.name')?.textContent ?? ''] as const,
      ),
    );
    return placed.sort(([a], [b]) => a - b).map(([, title]) => title);
  }
  async expectTitles(column: string, titles: readonly string[]): Promise<void> {
    await expect.poll(() => this.titles(column)).toEqual(titles);
  }
  /** What was said last in the live region. */
  get said(): Locator {
    return this.page.getByRole('status').filter({ hasText: /./ }).last();
  }

  /** A new board by the space's menu, with a name and cards in its first column. */
  async make(name: string, cards: readonly string[] = []): Promise<void> {
    await this.page.getByRole('button', { name: 'More for Everyone' }).click();
    await this.page.getByRole('menuitem', { name: 'New board' }).click();
    await expect(this.#title).toBeFocused();
    await this.page.keyboard.type(name);
    await this.page.keyboard.press('Enter');
    await expect(this.#title).toBeHidden();
    if (cards.length === 0) return;
    await this.page.keyboard.press('c');
    for (const title of cards) {
      await this.page.keyboard.type(title);
      await this.page.keyboard.press('Enter');
      await expect(this.card(title)).toBeVisible();
    }
    await this.page.keyboard.press('Escape');
  }

  /** Drags with a real mouse, to a point of the target. */
  async drag(from: Locator, to: Locator, at: { readonly x: number; readonly y: number }, drop = true): Promise<void> {
    const source = (await from.boundingBox())!;
    const target = (await to.boundingBox())!;
    const { mouse } = this.page;
    await mouse.move(source.x + 40, source.y + 12);
    await mouse.down();
    await mouse.move(source.x + 60, source.y + 24, { steps: 4 });
    await mouse.move(target.x + at.x, target.y + at.y, { steps: 8 });
    if (drop) await mouse.up();
  }
}
