// Everything that is new in an inbox comes back at a time that one says: in as many calls as it takes. It shows nothing.
import type { HostConnection } from '../../connection/host-connection.ts';

/** Entries that one call marks (`inbox.mark`). */
const AT_ONCE = 1_000;

export interface Snoozed {
  readonly count: number;
  /** They are new again. */
  undo(): Promise<void>;
}

export async function snoozeInbox(
  connection: Pick<HostConnection, 'call'>,
  workspace: string,
  until: number,
): Promise<Snoozed> {
  const { entries } = await connection.call('inbox.list', { workspace });
  const ids = entries.filter(({ state }) => state === 'new').map(({ id }) => id);
  const mark = async (how: { state: 'new' } | { state: 'snoozed'; until: number }): Promise<void> => {
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      await connection.call('inbox.mark', { workspace, entries: ids.slice(at, at + AT_ONCE), ...how });
    }
  };
  await mark({ state: 'snoozed', until });
  return { count: ids.length, undo: () => mark({ state: 'new' }) };
}
