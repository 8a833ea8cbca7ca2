// The held view with a screen of plain data: what is composed while others change the same block is stored once, and shown.
import type { EditorState } from 'prosemirror-state';
import { type Transaction } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../shared/base/clock.ts';
import { linesOf, stateOf } from '../../../tests/support/editor-state.ts';
import { HeldView, type ScreenView } from './held-view.ts';

class Screen implements ScreenView {
  state: EditorState;
  composing = true;
  updates = 0;

  constructor(state: EditorState) {
    this.state = state;
  }

  updateState(state: EditorState): void {
    this.state = state;
    this.updates += 1;
  }
}

function setup(...lines: string[]) {
  const screen = new Screen(stateOf(...lines));
  const clock = new FakeClock();
  let flushed = 0;
  const held = new HeldView(screen, clock, () => (flushed += 1));
  const remote = (make: (tr: Transaction) => Transaction): void => held.dispatch(make(held.state.tr));
  const local = (make: (tr: Transaction) => Transaction): void => held.dispatchFromView(make(screen.state.tr));
  const end = (): void => {
    screen.composing = false;
    held.compositionEnded();
    clock.advance(100);
  };
  return { screen, clock, held, remote, local, end, flushed: () => flushed };
}

describe('a composition', () => {
  it('[W15] sees nothing of a change in its own block until it ends', () => {
    const { screen, held, remote, local, end, flushed } = setup('ab|');
    local((tr) => tr.insertText('k', 3));
    remote((tr) => tr.insertText('XY', 1));
    expect(linesOf(screen.state)).toEqual(['abk|']);
    expect(held.settled).toBe(false);
    local((tr) => tr.insertText('か', 3, 4));
    expect(linesOf(held.state)).toEqual(['XYabか|']);
    expect(flushed()).toBe(2);
    end();
    expect(held.settled).toBe(true);
    expect(linesOf(screen.state)).toEqual(['XYabか|']);
  });
  it('[W15] sees changes of other blocks at once', () => {
    const { screen, held, remote } = setup('ab|', 'cd');
    remote((tr) => tr.insertText('X', 5));
    expect(linesOf(screen.state)).toEqual(['ab|', 'Xcd']);
    expect(held.settled).toBe(true);
  });
  it('[W15] whose block is deleted under it goes on as a paragraph in that place, once', () => {
    const { screen, held, remote, local, end } = setup('one', 'ab|', 'two');
    local((tr) => tr.insertText('k', 8));
    remote((tr) => tr.delete(5, 10));
    expect(linesOf(held.state).map((line) => line.replace('|', ''))).toEqual(['one', 'two']);
    local((tr) => tr.insertText('か', 8, 9));
    local((tr) => tr.insertText('かん', 8, 9));
    end();
    expect(linesOf(screen.state).join(' ').split('ん')).toHaveLength(2);
    expect(linesOf(screen.state).join(' ').split('か')).toHaveLength(2);
  });
  it('[W15] that ends without a word does not hold the screen for ever', () => {
    const { screen, remote, local, clock } = setup('ab|');
    local((tr) => tr.insertText('k', 3));
    remote((tr) => tr.insertText('X', 1));
    screen.composing = false;
    remote((tr) => tr.insertText('Y', 1));
    clock.advance(100);
    expect(linesOf(screen.state)).toEqual(['YXabk|']);
  });
  it('[W15] that ends and begins again at once is waited for', () => {
    const { screen, held, remote, local, clock } = setup('ab|');
    local((tr) => tr.insertText('k', 3));
    remote((tr) => tr.insertText('X', 1));
    held.compositionEnded();
    clock.advance(100);
    expect(linesOf(screen.state)).toEqual(['abk|']);
    screen.composing = false;
    held.compositionEnded();
    clock.advance(100);
    expect(linesOf(screen.state)).toEqual(['Xabk|']);
    expect(clock.pending).toBe(0);
  });
  it('[W15] at random: every letter composed and every letter of others is there once, seeds printed on failure', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomOf(seed);
      const { screen, held, remote, local, end } = setup('first', 'second|', 'third');
      let next = 0x4e00;
      const composed: string[] = [];
      const theirs: string[] = [];
      // The composed text is replaced as a whole by a longer one, as input methods do.
      let length = 0;
      for (let turn = 0; turn < 12; turn++) {
        if (random() < 0.5) {
          composed.push(String.fromCharCode(next++));
          const text = composed.join('');
          const start = screen.state.selection.head - length;
          local((tr) => tr.insertText(text, start, start + length));
          length = text.length;
        } else {
          const letter = String.fromCharCode(next++);
          const size = held.state.doc.content.size;
          const $at = held.state.doc.resolve(1 + Math.floor(random() * (size - 2)));
          if (!$at.parent.isTextblock || insideComposed(held.state, $at.pos, composed)) continue;
          if (random() < 0.3) remote((tr) => tr.split($at.pos));
          else {
            theirs.push(letter);
            remote((tr) => tr.insertText(letter, $at.pos));
          }
        }
      }
      end();
      const all = screen.state.doc.textContent;
      expect(all, `seed ${String(seed)}`).toContain(composed.join(''));
      for (const letter of [...composed, ...theirs]) expect(all.split(letter), `seed ${String(seed)}`).toHaveLength(2);
    }
  });
});

/** Whether a position lies strictly inside the composed text: there a colleague has no caret in this test. */
function insideComposed(state: EditorState, pos: number, composed: readonly string[]): boolean {
  const set = new Set(composed);
  const around = state.doc.textBetween(Math.max(0, pos - 1), Math.min(state.doc.content.size, pos + 1), '|', '|');
  return [...around].some((letter) => set.has(letter));
}

/** A small deterministic generator (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
