import { expect, test } from 'vitest';
import { FakeClock } from '../../../../../shared/base/clock.ts';
import { PreviewState, type Preview } from './preview-state.ts';

function made(): { clock: FakeClock; state: PreviewState; shown: (string | null)[] } {
  const clock = new FakeClock();
  const shown: (string | null)[] = [];
  const state = new PreviewState(clock, (preview: Preview | null) => shown.push(preview?.page ?? null));
  return { clock, state, shown };
}
const link = (isConnected = true): HTMLElement => ({ isConnected }) as HTMLElement;

test('[W4] a preview shows after a moment, stays while the pointer is on it, and goes with it', () => {
  const { clock, state, shown } = made();
  const one = link();
  state.ask(one, 'a', '');
  clock.advance(400);
  expect(shown).toEqual([]);
  clock.advance(100);
  expect(shown).toEqual(['a']);
  state.leave(one);
  clock.advance(100);
  state.hold();
  clock.advance(5_000);
  expect(shown).toEqual(['a']);
  state.release();
  clock.advance(200);
  expect(shown).toEqual(['a', null]);
  expect(clock.pending).toBe(0);
});

test('[W4] passing over links shows nothing, another link takes the place, a link that is gone shows none', () => {
  const { clock, state, shown } = made();
  const [one, two] = [link(), link()];
  state.ask(one, 'a', '');
  clock.advance(200);
  state.leave(one);
  clock.advance(1_000);
  expect(shown).toEqual([]);
  state.ask(one, 'a', '');
  clock.advance(500);
  state.leave(one);
  state.ask(two, 'b', '');
  clock.advance(500);
  expect(shown).toEqual(['a', 'b']);
  state.close();
  state.close();
  state.ask(link(false), 'c', '');
  clock.advance(500);
  expect(shown).toEqual(['a', 'b', null]);
  expect(clock.pending).toBe(0);
});
