// Calls about who holds what: a document with the people who can read it, and what was written in it here.
import { peopleHolding } from '../receipts/people-holding.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { foundOrCard } from './document-calls.ts';

export const receiptCalls = {
  async 'doc.receipts'(host, params) {
    const { room } = foundOrCard(host, params);
    const workspace = host.workspaces.get(params.workspace);
    const holders = await workspace.holders(room);
    const people = peopleHolding(workspace.standing(), workspace.names(), room, holders);
    const { relay } = workspace.about;
    const status = workspace.link?.status ?? null;
    const away =
      relay === null || status?.state === 'online'
        ? null
        : status && 'since' in status
          ? status.since
          : host.clock.now();
    // Who cannot read it any more is not told what of it they have.
    const shown = new Set(people.flatMap(({ devices }) => devices.map(({ device }) => device)));
    const sittings = (await host.receipts.of(room)).map((one) => ({
      ...one,
      devices: one.devices.filter(({ device }) => shown.has(device) && device !== host.device.id),
    }));
    return { ...holders, away, people, sittings };
  },
} satisfies Partial<CallHandlers>;
