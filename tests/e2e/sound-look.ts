// A screen before axe in light, dark and high contrast: nothing serious may be found.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './app-window.ts';

/** axe's rules about what a look changes. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

interface Violation {
  readonly id: string;
  readonly impact?: string | null | undefined;
  readonly nodes: readonly { readonly html: string }[];
}

/** axe in the page itself: by default it opens another page for every answer, and a process with it. */
export function axeOn(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
}

/** Asks the axe that an earlier question left in the page: to read all of it again takes longer than its answer. */
function askAgain(page: Page, rules: readonly string[]): Promise<readonly Violation[]> {
  return page.evaluate(async (values) => {
    const { axe } = window as unknown as {
      axe: { run: (where: Document, how: object) => Promise<{ readonly violations: readonly Violation[] }> };
    };
    const how = { resultTypes: ['violations'], runOnly: { type: 'rule', values } };
    const { violations } = await axe.run(document, how);
    return violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => ({ html })) }));
  }, rules);
}

export async function sound(page: Page, screen: string): Promise<void> {
  for (const look of ['light', 'dark', 'contrast'] as const) {
    await page.emulateMedia({
      colorScheme: look === 'dark' ? 'dark' : 'light',
      contrast: look === 'contrast' ? 'more' : null,
    });
    await expect(page.locator('html[data-contrast=more]')).toHaveCount(look === 'contrast' ? 1 : 0);
    // Colours in the middle of an animation are no one's colours.
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
    // Names, roles and order are the same in every look.
    const violations: readonly Violation[] =
      look === 'light' ? (await axeOn(page).analyze()).violations : await askAgain(page, COLOURS);
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    const found = grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
    expect(found, `${screen}, ${look}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light', contrast: null });
}
