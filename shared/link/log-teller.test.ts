import { expect, it } from 'vitest';
import { Emitter } from '../base/emitter.ts';
import { tellLog } from './log-teller.ts';

it('[ML1] the newest record is named at once, and each time that it is another one; not twice, and not where there is none', () => {
  const changed = new Emitter<void>();
  let head: string | null = null;
  const told: string[] = [];
  const telling = tellLog({ head: () => head, onChange: changed.event }, (frame) => told.push(frame.head));
  expect(told).toEqual([]);
  for (const next of ['one', 'one', 'two', null, 'two', 'three']) {
    head = next;
    changed.fire();
  }
  expect(told).toEqual(['one', 'two', 'three']);
  telling.dispose();
  head = 'four';
  changed.fire();
  expect(told).toEqual(['one', 'two', 'three']);
});
