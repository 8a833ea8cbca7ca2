import { describe, expect, it } from 'vitest';
import { placeAfter } from './table-keys.ts';
import { readNumber } from './typed-number.ts';

const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false, altKey: false, shiftKey: false });

describe('[B8][X4] keys in the table of a board', () => {
  it('arrows go cell by cell, up into the head, and no further than the edges', () => {
    expect(placeAfter(press('ArrowDown'), { row: 0, column: 2 }, 3, 4)).toEqual({ row: 1, column: 2 });
    expect(placeAfter(press('ArrowUp'), { row: 0, column: 2 }, 3, 4)).toEqual({ row: -1, column: 2 });
    expect(placeAfter(press('ArrowUp'), { row: -1, column: 2 }, 3, 4)).toEqual({ row: -1, column: 2 });
    expect(placeAfter(press('ArrowRight'), { row: 2, column: 3 }, 3, 4)).toEqual({ row: 2, column: 3 });
    expect(placeAfter(press('ArrowDown'), { row: -1, column: 0 }, 0, 4)).toEqual({ row: -1, column: 0 });
  });

  it('Home, End and pages; other keys go nowhere', () => {
    expect(placeAfter(press('End'), { row: 1, column: 0 }, 30, 4)).toEqual({ row: 1, column: 3 });
    expect(placeAfter(press('Home', true), { row: 20, column: 3 }, 30, 4)).toEqual({ row: 0, column: 0 });
    expect(placeAfter(press('End', true), { row: 1, column: 0 }, 30, 4)).toEqual({ row: 29, column: 3 });
    expect(placeAfter(press('PageDown'), { row: -1, column: 1 }, 30, 4)).toEqual({ row: 9, column: 1 });
    expect(placeAfter(press('PageUp'), { row: 4, column: 1 }, 30, 4)).toEqual({ row: 0, column: 1 });
    expect(placeAfter(press('m'), { row: 4, column: 1 }, 30, 4)).toBeNull();
  });

  it('a typed number may have a comma; what is none is said to be none', () => {
    expect(['12', ' -2,5 ', '', '1e3', '.5'].map(readNumber)).toEqual([12, -2.5, null, 1000, 0.5]);
    expect(['ten', '0x10', '1e999', '1,2,3', '-'].map(readNumber)).toEqual(Array(5).fill(undefined));
  });
});
