// Everybody who can read a document, each with their devices and whether those hold it: from what a relay told and the log says. Pure.
import type { DocumentHolders } from '../../contract/entities.ts';
import type { ReceiptPerson } from '../../contract/receipts.ts';
import type { Names, Standing } from '../membership-entries.ts';
import { readersOf } from '../workspace-views.ts';

/** Me first, then those who have it, then the others, each by name. */
export function peopleHolding(
  standing: Standing,
  names: Names,
  room: string,
  { devices }: DocumentHolders,
): ReceiptPerson[] {
  const told = new Map(devices.map((one) => [one.device, one]));
  const people = [...readersOf(standing, room)].map(([member, own]): ReceiptPerson => {
    const me = member === standing.member;
    const shown = own.map((device) => {
      const here = device === standing.device;
      const { held = here, at = names.lastSeen(device) } = told.get(device) ?? {};
      return { device, name: names.device(member, device), me: here, held: here || held, at: here ? null : at };
    });
    // The words of a recovery key are no computer: they hold nothing.
    const computers = shown.filter((one) => one.me || one.at !== null || !names.isRecovery(member, one.device));
    return {
      member,
      name: names.member(member),
      me,
      held: me || computers.some((one) => one.held),
      devices: computers,
    };
  });
  const rank = (person: ReceiptPerson): number => (person.me ? 0 : person.held ? 1 : 2);
  return people.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || (a.member < b.member ? -1 : 1));
}
