// Calls about desktop notifications: my wishes, what this computer keeps for itself, and what windows say of themselves.
import { AppError } from '../../../shared/base/app-error.ts';
import { readWishes, writeWishes } from '../../../shared/model/personal/notifications.ts';
import { INBOX_REASONS } from '../../contract/inbox.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { zoneHere } from '../notify/wall-clock.ts';
import { editMine, mineOf } from './thread-calls.ts';

export const notifyCalls = {
  async 'notify.read'(host, { workspace }) {
    const wishes = await host.documents.read(mineOf(host, workspace, 'notifications'), readWishes);
    const { settings, notifying } = host;
    return {
      ...wishes,
      off: INBOX_REASONS.filter((reason) => wishes.off.has(reason)),
      quiet: wishes.quiet && { ...wishes.quiet },
      spaces: Object.fromEntries(wishes.spaces),
      disturb: settings.disturb && { ...settings.disturb },
      stays: settings.stays,
      zone: zoneHere(),
      end: notifying.notifier.kind,
    };
  },
  async 'notify.change'(host, { workspace, ...change }) {
    // Nothing is kept under an id of which this computer knows nothing.
    if (change.space && !host.workspaces.get(workspace).mayRead(change.space.space)) {
      throw new AppError('not-found', 'This space is not on this computer. Nothing was changed.');
    }
    await host.notifying.due.refresh(
      await editMine(host, workspace, 'notifications', (doc) => writeWishes(doc, change)),
    );
    return {};
  },
  async 'notify.computer'(host, { disturb, stays }) {
    if (disturb !== undefined) await host.settings.setDisturb(disturb);
    if (stays !== undefined) await host.settings.setStays(stays);
    host.notifying.notify.settingsChanged();
    return {};
  },
  async 'notify.counts'(host) {
    return Object.fromEntries(host.workspaces.all.map(({ id }) => [id, host.inbox.count(id)]));
  },
  async 'notify.try'(host, { workspace }) {
    return { shown: host.notifying.notify.tryOne(host.workspaces.get(workspace).id) };
  },
  async 'notify.window'(host, state, caller) {
    host.notifying.windows.said(caller, state);
    return {};
  },
} satisfies Partial<CallHandlers>;
