// Where the window comes back: hostile and stale files never put it out of reach.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkWindowState, FIRST_STATE, readWindowState, writeWindowState } from './window-state.ts';

const SCREEN = [{ x: 0, y: 0, width: 1920, height: 1080 }];

describe('the window state', () => {
  it('comes back as it was written', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-window-'));
    const file = path.join(folder, 'window.json');
    expect(readWindowState(file, SCREEN)).toEqual(FIRST_STATE);
    expect(writeWindowState(file, { x: 40, y: 30, width: 900, height: 700 }, true)).toBe(true);
    expect(readdirSync(folder)).toEqual(['window.json']);
    expect(readWindowState(file, SCREEN)).toEqual({
      place: { x: 40, y: 30 },
      width: 900,
      height: 700,
      maximized: true,
    });
    writeFileSync(file, '{"x":');
    expect(readWindowState(file, SCREEN)).toEqual(FIRST_STATE);
    rmSync(folder, { recursive: true });
    expect(writeWindowState(file, { x: 40, y: 30, width: 900, height: 700 }, true)).toBe(false);
  });

  it('forgets a place that no screen shows', () => {
    expect(checkWindowState({ x: 3000, y: 10, width: 900, height: 700 }, SCREEN).place).toBeNull();
    expect(checkWindowState({ x: 10, y: -500, width: 900, height: 700 }, SCREEN).place).toBeNull();
  });

  it.each([
    null,
    3,
    [],
    'x',
    {},
    { width: 1e9, height: 700 },
    { width: '900', height: 700 },
    { width: NaN, height: 1 },
  ])('begins anew with %j', (data) => {
    expect(checkWindowState(data, SCREEN)).toEqual(FIRST_STATE);
  });
});
