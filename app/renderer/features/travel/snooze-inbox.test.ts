// Snoozing a whole inbox before one travels: all that is new and nothing else, however much it is, and back again.
import { expect, it } from 'vitest';
import { INBOX_CALLS } from '../../../contract/inbox.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { snoozeInbox } from './snooze-inbox.ts';

it('[D4] [B12] snoozes every new entry until one is back, in calls that the host takes, and makes them new again', async () => {
  const states = new Map<string, string>([['done', 'done']]);
  for (let at = 0; at < 2_500; at += 1) states.set(`e${at}`, 'new');
  const marks: unknown[] = [];
  const call = (name: string, params: unknown): Promise<unknown> => {
    if (name === 'inbox.list') {
      return Promise.resolve({ entries: [...states].map(([id, state]) => ({ id, state })) });
    }
    const { entries, state, until } = INBOX_CALLS['inbox.mark'].params.parse(params);
    for (const id of entries) states.set(id, state);
    marks.push([entries.length, state, until]);
    return Promise.resolve({});
  };
  const connection = { call } as unknown as Pick<HostConnection, 'call'>;
  const snoozed = await snoozeInbox(connection, 'w', 9_000);
  expect(snoozed.count).toBe(2_500);
  expect(marks).toEqual([
    [1_000, 'snoozed', 9_000],
    [1_000, 'snoozed', 9_000],
    [500, 'snoozed', 9_000],
  ]);
  expect([...states.values()].filter((state) => state === 'new')).toEqual([]);
  await snoozed.undo();
  expect([...states].filter(([, state]) => state !== 'new')).toEqual([['done', 'done']]);
});
