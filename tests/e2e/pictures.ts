// Pictures of screens for people to look at; none are made unless they are asked for.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** With CARAVAN_PICTURES=folder, pictures of the screens are put there to be looked at. */
const PICTURES = process.env['CARAVAN_PICTURES'];

export async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await mkdir(PICTURES, { recursive: true });
  const looks = [
    { look: 'light', width: 1280 },
    { look: 'dark', width: 1280 },
    { look: 'light', width: 900 },
  ] as const;
  for (const { look, width } of looks) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: look });
    await page.screenshot({ path: join(PICTURES, `${name}-${look}-${width}.png`) });
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light' });
}
