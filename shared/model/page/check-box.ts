// A box to tick inside text: a Y.Map in the Y.Text. When it is ticked and by whom is not here.
import * as Y from 'yjs';
import type { CheckBox } from './block.ts';

/** The box that a thing in the text is, or null. */
export function readCheck(value: object): CheckBox | null {
  return isCheckBox(value) ? { type: 'check', checked: value.get('checked') === true } : null;
}

export function isCheckBox(value: unknown): value is Y.Map<unknown> {
  return value instanceof Y.Map && value.get('type') === 'check' && !value.has('kind');
}

/** A box that is in no text yet. */
export function createCheckBox(checked: boolean): Y.Map<unknown> {
  const box = new Y.Map<unknown>([['type', 'check']]);
  if (checked) box.set('checked', true);
  return box;
}
