import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';

describe('[T1] the words of Markdown in one line', () => {
  it('has no signs of it: marks, lists, links, mentions, pictures and code are what they show', () => {
    const text =
      '# Pass\n\n- **one** and `two`\n- [x] [@Bo Li](member:bo) on [[the plan]](page:p1)\n\n![Dish](blob:ab)\n\n```js\nf()\n```';
    expect(plainText(text, 200)).toBe('Pass one and two @Bo Li on the plan Dish f()');
    expect(plainText('| a | b |\n|---|---|\n| 1 | **2** |', 50)).toBe('a b 1 2');
  });

  it('says what was answered, and the quote where nothing else is there', () => {
    expect(plainText('> Which elements?\n\nBoth.', 50)).toBe('Both.');
    expect(plainText('> Which elements?', 50)).toBe('Which elements?');
  });

  it('is total and short, whatever was written', () => {
    expect(plainText('', 20)).toBe('');
    expect(plainText(`${'> '.repeat(3_000)}deep`, 20).length).toBeLessThanOrEqual(20);
    expect(plainText('a\u202eb\u0001c', 20)).toBe('a b c');
    expect(plainText(`${'['.repeat(2_000)}x`, 20).length).toBeLessThanOrEqual(20);
    expect(plainText('<img src=x onerror=alert(1)> hi', 50)).toContain('hi');
  });
});
