// The order of people in lists: me first, then by name; people whose name has not arrived come last. Never by what they did.
import type { MemberEntry } from '../../../contract/entities.ts';

export function orderMembers(members: readonly MemberEntry[]): readonly MemberEntry[] {
  return [...members].sort(
    (a, b) =>
      Number(b.me) - Number(a.me) ||
      Number(a.name === '') - Number(b.name === '') ||
      a.name.localeCompare(b.name) ||
      (a.id < b.id ? -1 : 1),
  );
}

/** When any of somebody's devices was heard of last; null: not known here. */
export function lastSeen(member: MemberEntry): number | null {
  const times = member.devices.flatMap(({ lastSeen: at }) => (at === null ? [] : [at]));
  return times.length === 0 ? null : Math.max(...times);
}
