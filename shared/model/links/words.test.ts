import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldTitle, foldWords, occurrences, wordTokens } from './words.ts';

/** The words of each occurrence, as they stand in the text. */
function found(title: string, text: string): string[] {
  return occurrences(foldTitle(title), foldWords(text)).map(({ from, to }) => text.slice(from, to));
}

describe('a title in text', () => {
  it('[W21] is found as whole words, whatever the case and accents', () => {
    expect(found('Café plan', 'The cafe PLAN, our café\u0301 plan; cafe plans.')).toEqual([
      'cafe PLAN',
      'café\u0301 plan',
    ]);
    expect(found('Plan', 'Plans, planned, re_plan, plan_b: a plan2, Plan.')).toEqual(['Plan']);
    expect(found('Straße', 'In der STRASSE und der Straße')).toEqual(['Straße']);
    expect(found('résumé', 'A re\u0301sume\u0301 in two ways: resume')).toEqual(['re\u0301sume\u0301', 'resume']);
    expect(found('C++', 'C++ and C+++')).toEqual(['C++', 'C++']);
  });

  it('[W21] is found inside Chinese, Japanese, Thai and Korean, and beside them', () => {
    expect(found('会議', '次の会議は月曜日、会議室で。')).toEqual(['会議', '会議']);
    expect(found('计划', '我们的计划书')).toEqual(['计划']);
    expect(found('계획', '우리 계획을 본다')).toEqual(['계획']);
    expect(found('Plan', '新しいPlanです')).toEqual(['Plan']);
    expect(found('แผน', 'ดูแผนงาน')).toEqual(['แผน']);
  });

  it('[W21] Arabic and Hebrew count without their vowel signs', () => {
    expect(found('خطة', 'هذه خُطَّة العمل')).toEqual(['خُطَّة']);
    expect(found('שלום', 'אמרו שָׁלוֹם לכולם')).toEqual(['שָׁלוֹם']);
  });

  it('a text that holds the title holds all of its tokens', () => {
    const piece = fc.constantFrom(
      'Plan',
      'plan ',
      'é',
      'e\u0301',
      '会議',
      '計',
      ' ',
      '.',
      '_',
      'ß',
      'ﬁ',
      '계획',
      '𠮷',
      'a1',
      'שָׁ',
    );
    const text = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, text, (before, title, after) => {
        const folded = foldTitle(title);
        const whole = foldWords(before + title + after);
        if (occurrences(folded, whole).length === 0) return;
        const tokens = wordTokens(whole.text);
        for (const token of wordTokens(folded)) expect(tokens).toContain(token);
      }),
      { numRuns: 2_000 },
    );
  });

  it('every occurrence is a place of the text, in order, without overlaps', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3 }), fc.string({ unit: 'grapheme' }), (title, text) => {
        let end = 0;
        for (const { from, to } of occurrences(foldTitle(title), foldWords(text + title))) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          expect(foldWords((text + title).slice(from, to)).text).toBe(foldTitle(title));
          end = to;
        }
        expect(end).toBeLessThanOrEqual((text + title).length);
      }),
    );
  });
});
