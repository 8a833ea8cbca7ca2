// Pictures of a page with every kind, light and dark, written to test-results for people to look at.
import { expect, test } from './editor-fixture.ts';

const PAGE = `The 2.4 m dish must stay within **0.4°** of the *predicted* track while we take a pass. Wind load moves the mast by up to 0.2°, so half of the budget is spent before we touch a key. [Pass procedure](https://example.org/) starts where this page ends, see \`azimuth.toml\`.

# Station manual

## Before the first pass

- [x] Load orbital elements no older than three days
- [x] Zero the azimuth encoder on the north marker
- [ ] Sweep ±2° across the beacon and note the peak
- [ ] Attach the spectrum as a photo, not a screenshot

### Order

1. Power
2. Brake
   1. Release
   2. Check
3. Slew

- Cable
- Antenna
  - Feed
    - Horn

> The drift between rows is real: the foundation settled after the rain in October.

\`\`\`ts
const park = { azimuth: 0, elevation: 90 };
await dish.slew(park);
\`\`\`

---

| Date | Beacon |
| --- | --- |
| 17 Nov | 437.200 MHz |

End.`;

for (const theme of ['light', 'dark'] as const) {
  test(`[X4] every kind of block in ${theme}`, async ({ page, a }) => {
    await page.evaluate(
      ([text, name]) => {
        document.documentElement.dataset['theme'] = name;
        window.__harness.fill(text);
        const body = window.__harness.body('a');
        body.insertEmbed(body.length, window.__harness.newMap({ id: 'callout-block-id-0001', kind: 'callout' }));
        body.insert(body.length, 'Do not slew above 12 m/s.', { bold: true });
        body.insert(body.length, ' The azimuth brake slips. Park at 90° elevation, log it.', { bold: null });
        body.insertEmbed(body.length, window.__harness.newMap({ id: 'unknown-block-id-001', kind: 'hologram' }));
        body.insert(body.length, 'A block of tomorrow');
      },
      [PAGE, theme] as const,
    );
    await a.select(4, 10);
    // Two windows have a focus each; on one page the second cursor has to be put there by hand.
    await page.evaluate(() => window.__harness.point('b', 0, 40, 66));
    await expect(a.text.locator('.remote-flag')).toHaveText('Ines');
    await page.screenshot({ path: `test-results/look/editor-${theme}-top.png` });
    await a.focusEnd();
    await page.keyboard.press('Enter');
    await page.screenshot({ path: `test-results/look/editor-${theme}-bottom.png` });
    expect(await a.lines()).toEqual(await a.shown());
  });
}
