// The bounds of history that the settings offer; the one that holds is among them, whatever it is. Zero is no bound (SG12).
import { size } from '../../../contract/sizes.ts';

interface Option {
  readonly value: string;
  readonly label: string;
}

const DAYS = [30, 90, 365, 3650, 0];
const MEGABYTE = 1024 * 1024;
const BYTES = [100 * MEGABYTE, 256 * MEGABYTE, 1024 * MEGABYTE, 10 * 1024 * MEGABYTE, 0];

function days(number: number): string {
  if (number === 0) return 'For ever';
  if (number % 365 === 0) return number === 365 ? 'One year' : `${number / 365} years`;
  return number === 1 ? 'One day' : `${number} days`;
}

function withCurrent(choices: readonly number[], current: number): readonly number[] {
  return choices.includes(current) ? choices : [...choices, current].sort((a, b) => (a || Infinity) - (b || Infinity));
}

export function daysOptions(current: number): readonly Option[] {
  return withCurrent(DAYS, current).map((value) => ({ value: String(value), label: days(value) }));
}

export function bytesOptions(current: number): readonly Option[] {
  return withCurrent(BYTES, current).map((value) => ({
    value: String(value),
    label: value === 0 ? 'Any size' : size(value),
  }));
}
