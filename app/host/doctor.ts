// Looks whether everything is as it should be and says so in sentences; it changes nothing.
import { stat, statfs } from 'node:fs/promises';
import { toWireError } from '../../shared/base/app-error.ts';
import { attachmentWords } from '../contract/attachment-words.ts';
import type { CallResult } from '../contract/calls.ts';
import type { HostParts } from './call-handlers.ts';
import { relayClient } from './relay-client.ts';
import { isUnprotected } from './relay-url.ts';

type Finding = CallResult<'doctor'>[number];

const SPACE_WANTED = 500 * 1024 * 1024;

async function finding(check: string, look: () => Promise<string | Omit<Finding, 'check'>>): Promise<Finding> {
  try {
    const seen = await look();
    return typeof seen === 'string' ? { check, ok: true, detail: seen } : { check, ...seen };
  } catch (error) {
    return { check, ok: false, detail: toWireError(error).message };
  }
}

/** Node, folder, key, disk, store, and each workspace with its relay. */
export async function examine(host: HostParts): Promise<readonly Finding[]> {
  const { folder } = host;
  const findings = [
    await finding(
      'program',
      async () => `Caravan ${host.version} on Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    ),
    await finding('data folder', async () => folder.root),
    await finding('device key', async () => {
      const { kept, keyring, closed } = host.keeper;
      if (closed !== null) return { ok: false, detail: closed };
      if (kept === 'keyring') return `sealed by ${keyring ?? 'the keyring'}; the desktop app alone opens it`;
      const { mode } = await stat(folder.deviceFile);
      // Windows has no such bits; there the folder of the user's account is what protects it.
      const open = process.platform !== 'win32' && (mode & 0o077) !== 0;
      return open
        ? {
            ok: false,
            detail: `${folder.deviceFile} can be read by others on this computer. Run: chmod 600 "${folder.deviceFile}"`,
          }
        : 'a file that only this account can read; not in a keyring';
    }),
    await finding('disk', async () => {
      const { bavail, bsize } = await statfs(folder.root);
      const free = bavail * bsize;
      const detail = `${Math.floor(free / 1_048_576)} MiB free`;
      return { ok: free > SPACE_WANTED, detail: free > SPACE_WANTED ? detail : `${detail}: free some space soon` };
    }),
    await finding('store', async () => {
      const { storage } = host.hub;
      if (storage.state !== 'ok') return { ok: false, detail: storage.message };
      let rooms = 0;
      for await (const _room of host.store.rooms()) rooms += 1;
      return `can be written, holds ${rooms} ${rooms === 1 ? 'room' : 'rooms'}`;
    }),
  ];
  for (const workspace of host.workspaces.all) {
    const { title, relay } = workspace.entry();
    const aside = host.guard.aside.open(workspace.id).length;
    if (aside > 0) {
      findings.push({
        check: `words set aside in "${title}"`,
        ok: false,
        detail: `${aside} ${aside === 1 ? 'passage is' : 'passages are'} kept here and not in a document; open Caravan to put them back`,
      });
    }
    const listed = host.catalogue.list(workspace.id).length;
    findings.push(
      await finding(`workspace "${title}"`, async () => {
        const { membership } = workspace.log;
        return `${listed} documents, ${membership.spaces.size} spaces, ${membership.members.size} members; the members' list holds`;
      }),
    );
    findings.push(
      await finding(`attachments of "${title}"`, async () => {
        await host.attachments.read();
        const truth = host.attachments.truth(workspace.id);
        return { ok: truth.trouble === null, detail: attachmentWords(truth) };
      }),
    );
    if (relay === null) continue;
    findings.push(
      await finding(`relay of "${title}"`, async () => {
        await relayClient(relay, host.rehearsal.demandLinks).check();
        return isUnprotected(relay)
          ? {
              ok: false,
              detail: `${relay} answers, but without TLS: whoever is on the way can read along. Use a wss:// address.`,
            }
          : `${relay} answers and is well`;
      }),
    );
  }
  return findings;
}
