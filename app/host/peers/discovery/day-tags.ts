// What is announced in place of names: tags of a workspace and of its devices that are others on every day (PE40 to PE42). Pure.
import { createHmac } from 'node:crypto';

/** Days since the epoch, in UTC. */
export type Day = number;

const DAY = 86_400_000;
const TAG_BYTES = 16;
/** 128 bits as base64url. */
const TAG = /^[A-Za-z0-9_-]{22}$/;

export function dayOf(now: number): Day {
  return Math.floor(now / DAY);
}

/** When a day begins, in milliseconds since the epoch. */
export function startOf(day: Day): number {
  return day * DAY;
}

/** Days whose tags are believed now: clocks of laptops differ, and nobody changes theirs at the stroke of midnight. */
export function believedDays(now: number): readonly Day[] {
  const today = dayOf(now);
  return [today, today - 1, today + 1];
}

export function workspaceTag(meetingKey: Uint8Array, day: Day): string {
  return tagOf(meetingKey, `workspace\n${day}`);
}

export function deviceTag(meetingKey: Uint8Array, device: string, day: Day): string {
  return tagOf(meetingKey, `device\n${day}\n${device}`);
}

export function isTag(value: unknown): value is string {
  return typeof value === 'string' && TAG.test(value);
}

function tagOf(meetingKey: Uint8Array, what: string): string {
  const whole = createHmac('sha256', meetingKey).update(`caravan announcement v1\n${what}`).digest();
  return whole.subarray(0, TAG_BYTES).toString('base64url');
}
