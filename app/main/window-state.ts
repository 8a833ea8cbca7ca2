// Where the window was: read with every value checked, written atomically; a lost file only costs the place on the screen.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Null: never moved; the system chooses the place. */
  readonly place: { readonly x: number; readonly y: number } | null;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export const FIRST_STATE: WindowState = { place: null, width: 1280, height: 800, maximized: false };
export const SMALLEST = { width: 480, height: 400 };

function whole(value: unknown, least: number, most: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : null;
}

/** The state that `data` describes, or the first state. A window that no screen shows enough of loses its place. */
export function checkWindowState(data: unknown, screens: readonly Bounds[]): WindowState {
  if (typeof data !== 'object' || data === null) return FIRST_STATE;
  const record = data as Readonly<Record<string, unknown>>;
  const width = whole(record['width'], SMALLEST.width, 20_000);
  const height = whole(record['height'], SMALLEST.height, 20_000);
  if (width === null || height === null) return FIRST_STATE;
  const x = whole(record['x'], -50_000, 50_000);
  const y = whole(record['y'], -50_000, 50_000);
  // The title bar must be where it can be grabbed.
  const reachable =
    x !== null &&
    y !== null &&
    screens.some((s) => x + width >= s.x + 100 && x <= s.x + s.width - 100 && y >= s.y && y <= s.y + s.height - 50);
  return { place: reachable ? { x, y } : null, width, height, maximized: record['maximized'] === true };
}

export function readWindowState(file: string, screens: readonly Bounds[]): WindowState {
  try {
    return checkWindowState(JSON.parse(readFileSync(file, 'utf8')), screens);
  } catch {
    return FIRST_STATE; // No file yet, or not JSON: the first place is as good.
  }
}

/** Writes beside and renames, so that a crash leaves the old file or the new one. Returns whether it was written. */
export function writeWindowState(file: string, bounds: Bounds, maximized: boolean): boolean {
  const { x, y, width, height } = bounds;
  try {
    writeFileSync(`${file}.new`, JSON.stringify({ x, y, width, height, maximized }));
    renameSync(`${file}.new`, file);
    return true;
  } catch {
    return false; // A full disk must not keep a window from closing.
  }
}
