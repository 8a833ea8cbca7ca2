// The call that reads a workspace's membership log.
import type { CallHandlers } from '../call-handlers.ts';
import { logEntries } from '../log-entries.ts';
import { addedDevices } from '../log-facts.ts';

export const logCalls = {
  async 'log.list'(host, { workspace }) {
    const { entries, facts, membership } = host.workspaces.get(workspace).log;
    return [...logEntries(entries, facts, addedDevices(entries, membership.keys))];
  },
} satisfies Partial<CallHandlers>;
