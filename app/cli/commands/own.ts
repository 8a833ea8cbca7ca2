// device list|link|add|rename|remove, recovery, recover, leave, doc purge|move: one's own computers, and what cannot be undone.
import { AppError } from '../../../shared/base/app-error.ts';
import { systemClock } from '../../../shared/base/clock.ts';
import { disposable, DisposableStore } from '../../../shared/base/disposable.ts';
import type { WorkspaceEntry } from '../../contract/entities.ts';
import type { CommonFlags } from '../common-flags.ts';
import type { CliEnvironment } from '../environment.ts';
import { columns, count, print } from '../print.ts';
import { chooseWorkspace, needSpace, withHost, type OnHost } from '../with-host.ts';
import { idOf, workspaceOf } from './document.ts';
import { readAll } from './people.ts';

export async function listDevices(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const devices = await host.call('device.list', { workspace: id });
    const rows = devices.map((one) => [one.id, one.name, one.me ? 'this computer' : '']);
    print(environment, flags, devices, columns(rows));
  });
}

export async function deviceLink(environment: CliEnvironment, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const { link } = await host.call('device.invite', { workspace: id });
    print(environment, flags, { link }, [link]);
    if (!flags.json)
      environment.err('On the new computer: caravan join LINK --name NAME; then here: caravan device add CODE');
  });
}

export async function addDevice(environment: CliEnvironment, code: string, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    const added = await host.call('device.add', { workspace: id, code });
    print(environment, flags, added, ['The new computer is one of yours now. It comes in by itself.']);
  });
}

export async function renameDevice(
  environment: CliEnvironment,
  device: string,
  name: string,
  flags: CommonFlags,
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    await host.call('device.rename', { workspace: id, device, name });
    print(environment, flags, { device, name }, [`It is called "${name}" now.`]);
  });
}

export async function removeDevice(environment: CliEnvironment, device: string, flags: CommonFlags): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id } = await chooseWorkspace(host, flags);
    await host.call('device.remove', { workspace: id, device });
    print(environment, flags, { device }, ['It has no part any more. What is on it stays there.']);
  });
}

export async function deviceKey(
  environment: CliEnvironment,
  flags: CommonFlags & { readonly keep?: 'file' | 'keyring'; readonly new?: boolean },
): Promise<void> {
  await withHost(environment, flags, { links: false }, async (host) => {
    if (flags.new) {
      await host.call('keys.renew', {});
      print(environment, flags, { renewed: true }, [
        'This computer has a new key; the old one is kept beside it. Come back in: caravan recover, or caravan join DEVICE-LINK.',
      ]);
      return;
    }
    if (flags.keep) await host.call('keys.move', { to: flags.keep });
    const where = await host.call('keys.where', {});
    const said =
      where.closed ??
      (where.kept === 'keyring'
        ? `The key of this computer is sealed by ${where.keyring ?? 'the keyring'}.`
        : `The key of this computer is a file that only this account can read.${where.keyring === null ? '' : ` ${where.keyring} could keep it: --keep keyring`}`);
    print(environment, flags, where, [said]);
  });
}

/** The answer to a device link: prints the code, and waits until the other computer took it. */
export async function joinAsDevice(
  environment: CliEnvironment,
  link: string,
  flags: CommonFlags & { readonly name: string; readonly timeout: number },
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { code, pending } = await host.call('device.answer', { link, name: flags.name });
    if (flags.json) environment.err(code);
    else environment.out(code);
    environment.err(
      'On the other computer: caravan device add CODE. Waiting; after Ctrl+C it goes on waiting whenever Caravan runs.',
    );
    const isIn = await untilIn(environment, host, pending, flags.timeout * 1_000);
    if (flags.json) environment.out(JSON.stringify({ code, workspace: pending, joined: isIn }));
    else if (isIn)
      environment.out('This computer is in. Its documents come with "caravan open" or "caravan sync --wait".');
    if (isIn || environment.stop.aborted) return;
    throw new AppError(
      'timeout',
      'The code was not taken yet. It stays good, and this computer goes on waiting whenever Caravan runs.',
    );
  });
}

/** Whether the workspace came in before `patience` (milliseconds) was over or the command was stopped. */
async function untilIn(
  environment: CliEnvironment,
  host: OnHost,
  workspace: string,
  patience: number,
): Promise<boolean> {
  const isIn = (workspaces: readonly WorkspaceEntry[]): boolean => workspaces.some(({ id }) => id === workspace);
  const waiting = new DisposableStore();
  const coming = new Promise<boolean>((resolve) => {
    const stopped = (): void => resolve(false);
    environment.stop.addEventListener('abort', stopped);
    waiting.add(disposable(() => environment.stop.removeEventListener('abort', stopped)));
    waiting.add(systemClock.after(patience, stopped));
    waiting.add(
      host.onAnnouncement((announcement) => {
        if (announcement.event === 'workspaces' && isIn(announcement.workspaces)) resolve(true);
      }),
    );
  });
  try {
    // It may be in already; what comes from here on is announced.
    return isIn((await host.call('hello', {})).workspaces) || (!environment.stop.aborted && (await coming));
  } finally {
    waiting.dispose();
  }
}

export async function recovery(
  environment: CliEnvironment,
  step: 'create' | 'confirm' | 'state',
  flags: CommonFlags,
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id: workspace } = await chooseWorkspace(host, flags);
    if (step === 'create') {
      const { words } = await host.call('recovery.create', { workspace });
      print(environment, flags, { words }, [words]);
      environment.err(
        'Write them on paper. They are shown once and stored nowhere. Then test them: caravan recovery confirm',
      );
      return;
    }
    if (step === 'confirm') {
      await host.call('recovery.confirm', { workspace, words: await readWords(environment) });
      print(environment, flags, { tested: true }, ['These are the words. Keep them where nobody else finds them.']);
      return;
    }
    const state = await host.call('recovery.state', { workspace });
    const said = state.made
      ? state.tested
        ? 'There is one, and it was tested.'
        : 'There is one; it was not tested yet.'
      : 'There is none yet.';
    print(environment, flags, state, [said]);
  });
}

export async function recover(
  environment: CliEnvironment,
  flags: CommonFlags & { readonly relay: string; readonly workspace: string; readonly name: string },
): Promise<void> {
  const words = await readWords(environment);
  await withHost(environment, flags, { links: true }, async (host) => {
    const back = await host.call('workspace.recover', {
      words,
      relay: flags.relay,
      workspace: flags.workspace,
      name: flags.name,
    });
    print(environment, flags, back, [
      'This computer is one of yours now. Its documents come with "caravan open" or "caravan sync --wait".',
      'Take the lost one out: caravan device list, caravan device remove ID',
    ]);
  });
}

/** From stdin: a secret on a command line stays in the shell's history. */
async function readWords(environment: CliEnvironment): Promise<string> {
  if (process.stdin.isTTY) environment.err('Type the 24 words, then Ctrl+D:');
  return readAll();
}

export async function leave(
  environment: CliEnvironment,
  flags: CommonFlags & { readonly erase?: boolean; readonly yes?: boolean },
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const entry = await chooseWorkspace(host, flags);
    const workspace = entry.id;
    const { unsent, documents, bytes, soleOwner } = await host.call('workspace.leaving', { workspace });
    if (!flags.yes) {
      const lines = [
        soleOwner ? 'You are the owner: hand the workspace over first (caravan member role NAME owner).' : '',
        `${count(documents, 'document')}, ${Math.ceil(bytes / 1_048_576)} MiB, are on this computer${flags.erase ? ' and would be deleted here' : ' and stay here'}.`,
        unsent.length > 0
          ? `${count(unsent.length, 'document')} of them are not on the relay with their newest words: ${unsent
              .map((one) => one.title || one.id)
              .slice(0, 20)
              .join(', ')}`
          : '',
        'To keep a copy: caravan export DIR, or caravan backup DIR.',
      ];
      throw new AppError(
        'bad-input',
        [`Nothing was changed. To leave "${entry.title}", say --yes.`, ...lines.filter((line) => line !== '')].join(
          '\n',
        ),
      );
    }
    const erase = flags.erase ?? false;
    if (entry.mine === 'member') await host.call('workspace.leave', { workspace, erase });
    else await host.call('workspace.erase', { workspace });
    print(environment, flags, { workspace, erased: erase || entry.mine !== 'member', unsent }, [
      erase
        ? `You left "${entry.title}", and what was here of it is deleted.`
        : `You left "${entry.title}". What is here can be read.`,
    ]);
  });
}

export async function purge(
  environment: CliEnvironment,
  document: string,
  flags: CommonFlags & { readonly yes?: boolean },
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id: workspace } = await workspaceOf(host, document, flags);
    const id = idOf(document);
    const entry = await host.call('doc.get', { workspace, document: id });
    if (!entry) throw new AppError('not-found', 'This document is not on this computer. Nothing was changed.');
    if (!flags.yes) {
      throw new AppError(
        'bad-input',
        `Nothing was changed. To purge "${entry.title || 'Untitled'}", say --yes. It cannot be undone: this computer, the relay and every member’s computer that hears of it delete its text and history. Snapshots, backups and exports that were made before keep it.`,
      );
    }
    await host.call('doc.purge', { workspace, document: id });
    print(environment, flags, { document: id }, [
      `"${entry.title || 'Untitled'}" is purged here, and elsewhere as soon as they hear of it.`,
    ]);
  });
}

export async function moveToSpace(
  environment: CliEnvironment,
  document: string,
  flags: CommonFlags & { readonly space: string },
): Promise<void> {
  await withHost(environment, flags, { links: true }, async (host) => {
    const { id: workspace } = await workspaceOf(host, document, flags);
    const space = await needSpace(host, workspace, flags.space);
    const moved = await host.call('doc.transfer', { workspace, document: idOf(document), space });
    const guests = moved.outsiders.length === 0 ? [] : [`${count(moved.outsiders.length, 'guest')} can read it there.`];
    print(environment, flags, moved, ['Moved, with what stands below it.', ...guests]);
  });
}
