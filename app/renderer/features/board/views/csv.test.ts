import { describe, expect, it } from 'vitest';
import { csvName, csvOf } from './csv.ts';

const cell = (text: string): string => csvOf([[text]]).slice(1, -2);

describe('[B8] a table as CSV', () => {
  it('quotes what has commas, quotes or line breaks, and ends lines in CRLF', () => {
    expect(
      csvOf([
        ['a', 'b,c'],
        ['say "so"', 'x\ny'],
      ]),
    ).toBe('\ufeffa,"b,c"\r\n"say ""so""","x\ny"\r\n');
    expect(cell('')).toBe('');
    expect(cell('plain words')).toBe('plain words');
  });

  it('guards what a spreadsheet would run, and leaves numbers numbers', () => {
    expect(cell('=HYPERLINK("http://x")')).toBe('"\'=HYPERLINK(""http://x"")"');
    expect(['+1 cable', '-rm', '@SUM(A1)', '\t=1', '-'].map(cell)).toEqual([
      "'+1 cable",
      "'-rm",
      "'@SUM(A1)",
      "'\t=1",
      "'-",
    ]);
    expect(cell('\r=1')).toBe('"\'\r=1"');
    expect(['-5', '-2.75', '12'].map(cell)).toEqual(['-5', '-2.75', '12']);
    expect(cell('-5+cmd')).toBe("'-5+cmd");
  });

  it('has a name that every file system takes', () => {
    expect(csvName('Antenna build')).toBe('Antenna build.csv');
    expect(csvName('../a\\b:c?')).toBe('.. a b c.csv');
    expect(csvName(' ... ')).toBe('Board.csv');
  });
});
