// Values of other parts as jobs of the commit queue: their names, their size, their writes. No reading.
import { AppError } from '../base/app-error.ts';
import type { ValueWrite } from '../hub/value-store.ts';
import { KEYS } from './store-records.ts';
import type { WritePlan } from './write-plan.ts';

/** Areas share the commit queue's order with rooms; no room's name begins like this. */
export function areaToken(area: string): string {
  return `v!${area}`;
}

/** Throws `bad-input` for what is not the name of an area. */
export function areaTokens(writes: readonly ValueWrite[]): readonly string[] {
  const tokens: string[] = [];
  let last: string | null = null;
  for (const { area } of writes) {
    // Most jobs have one value, or all of one area.
    if (area === last) continue;
    if (!/^[\w.-]+$/.test(area)) throw new AppError('bad-input', `‘${area}’ is not the name of an area.`);
    const token = areaToken(area);
    if (!tokens.includes(token)) tokens.push(token);
    last = area;
  }
  return tokens;
}

export function sizeOfValues(writes: readonly ValueWrite[]): number {
  return writes.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}

export function planValues(plan: WritePlan, writes: readonly ValueWrite[]): void {
  for (const { area, key, value } of writes) {
    if (value) plan.put(KEYS.value(area, key), value);
    else plan.delete(KEYS.value(area, key));
  }
}
