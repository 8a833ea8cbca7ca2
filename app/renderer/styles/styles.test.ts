// The colour tokens against the contrast that the look promises, in all four combinations of theme and contrast.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [plain = '', contrast = ''] = css.split(":root[data-contrast='more']");

function tokens(block: string, theme: 0 | 1): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, pair] of block.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)/g)) {
    found.set(name!, pair!.split(', ')[theme]!);
  }
  return found;
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function ratio(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

for (const theme of [0, 1] as const) {
  for (const high of [false, true]) {
    const all = new Map([...tokens(plain, theme), ...(high ? tokens(contrast, theme) : [])]);
    const of = (name: string): string => all.get(name)!;
    test(`[X4] text tokens reach their contrast: ${theme === 0 ? 'light' : 'dark'}${high ? ', high contrast' : ''}`, () => {
      for (const surface of ['side', 'canvas', 'raised', 'sunken']) {
        for (const ink of ['ink-1', 'ink-2', 'ink-3']) {
          expect(ratio(of(ink), of(surface)), `${ink} on ${surface}`).toBeGreaterThanOrEqual(high ? 7 : 4.5);
        }
        expect(ratio(of('accent'), of(surface)), `accent on ${surface}`).toBeGreaterThanOrEqual(4.5);
        expect(ratio(of('control'), of(surface)), `control on ${surface}`).toBeGreaterThanOrEqual(3);
      }
      for (const [ink, ground] of [
        ['on-accent', 'accent'],
        ['accent', 'accent-soft'],
        ['warn', 'canvas'],
        ['danger', 'canvas'],
        ['danger', 'raised'],
        ['ink-1', 'mark'],
        ['ink-1', 'warn-soft'],
        ...['clay', 'sand', 'moss', 'sky', 'plum', 'slate'].map((hue) => [`${hue}-text`, `${hue}-fill`]),
      ] as [string, string][]) {
        expect(ratio(of(ink), of(ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    });
  }
}
