// Calls about the host itself: jobs, waiting for sync, tickets, the doctor, and ending it.
import { AppError } from '../../../shared/base/app-error.ts';
import { SUBPROTOCOL } from '../../../shared/protocol/room-messages.ts';
import { spaceRoom } from '../../../shared/model/space/space.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { examine } from '../doctor.ts';
import { backupHost, hasWorkspaces } from '../host-backup.ts';
import { soundAlready } from '../recovery-ways.ts';
import { listSnapshots } from '../snapshots.ts';
import { noRelay } from '../no-relay.ts';

export const systemCalls = {
  async 'job.get'(host, { job }) {
    return host.jobs.get(job);
  },
  async 'job.cancel'(host, { job }) {
    host.jobs.cancel(job);
    return {};
  },
  async 'sync.wait'(host, { workspace: id, timeout }) {
    const workspace = host.workspaces.get(id);
    if (workspace.about.relay === null) throw noRelay(workspace.entry().title);
    const { link } = workspace;
    if (!link) throw new AppError('internal', 'This host was started without its links.');
    const late = new AbortController();
    const timer = host.clock.after(timeout, () => late.abort());
    try {
      await link.settled(late.signal);
      if (!late.signal.aborted) await workspace.syncLog();
      await host.attachments.settled(id, late.signal);
      await host.catalogue.settled();
    } finally {
      timer.dispose();
    }
    return { done: !late.signal.aborted, truths: workspace.truths() };
  },
  async ticket(host, { workspace: id, document }) {
    const workspace = host.workspaces.get(id);
    const { relay, title } = workspace.entry();
    if (relay === null) throw noRelay(title);
    const isSpace = workspace.log.membership.spaces.has(document);
    const room = isSpace
      ? spaceRoom(id, document)
      : (host.catalogue.entry(id, document) ?? host.catalogue.card(id, document))?.room;
    if (room === undefined)
      throw new AppError('not-found', 'This document is not on this computer. Nothing was changed.');
    const ticket = await workspace.ticket(room.slice(id.length + 1));
    if (ticket === null) {
      throw new AppError(
        'not-allowed',
        'The relay gives no ticket for this document. Nothing was changed. Either you have no part in its space, or the relay does not know of it yet.',
      );
    }
    return { url: relay, protocols: [SUBPROTOCOL.plain, `${SUBPROTOCOL.ticketPrefix}${ticket}`], room };
  },
  async 'snapshot.list'(host) {
    return [...(await listSnapshots(host.folder))];
  },
  /** Answered by a RestorableHost; any other has something, or is a short command's. */
  async restore() {
    throw hasWorkspaces();
  },
  async backup(host, { directory }) {
    return backupHost(host, directory, new Date(host.clock.now()));
  },
  async 'recovery.repair'() {
    throw soundAlready();
  },
  async 'recovery.restore'() {
    throw soundAlready();
  },
  async 'recovery.refill'() {
    throw soundAlready();
  },
  async doctor(host) {
    return [...(await examine(host))];
  },
  async quit(host) {
    host.requestQuit();
    return {};
  },
} satisfies Partial<CallHandlers>;
