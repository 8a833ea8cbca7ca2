// Calls about bundles: planning, writing, handing over, looking, taking. Each of the long ones is a job.
import path from 'node:path';
import { keyNotOpen } from '../../../shared/access/device-key.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import type { BundlePlan, BundleTarget } from '../../contract/bundles.ts';
import { audienceOf, type Audience } from '../bundles/bundle-audience.ts';
import { demandNoFile } from '../bundles/bundles.ts';
import { notThatWorkspace } from '../bundles/bundle-words.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import type { JobContext } from '../jobs.ts';
import type { Workspace } from '../workspace.ts';

function audience(workspace: Workspace, to: BundleTarget): Audience {
  const names = workspace.names();
  return audienceOf(workspace.standing(), to, (member, device) => names.isRecovery(member, device));
}

function people(workspace: Workspace, { members, without }: Audience): Pick<BundlePlan, 'people' | 'without'> {
  const names = workspace.names();
  const named = (ids: readonly string[]) => ids.map((member) => ({ member, name: names.member(member) }));
  return { people: named(members), without: named(without) };
}

/** Documents of which the relay's word is looked up: a window waits for it. */
const LOOKED_AT = 200;

async function isAnythingKnown(
  host: HostParts,
  workspace: Workspace,
  { devices }: Audience,
  rooms: readonly string[],
): Promise<boolean> {
  for (const { device } of devices) if (await host.bundles.knowledge.any(workspace.id, device)) return true;
  const theirs = new Set(devices.map(({ device }) => device));
  for (const room of rooms.slice(0, LOOKED_AT)) {
    const { devices: told } = await workspace.holders(room);
    if (told.some(({ device, held }) => held && theirs.has(device))) return true;
  }
  return false;
}

/** Reads what was handed over, or a file by its path, for as long as `work` runs. */
function withFile<T>(
  host: HostParts,
  { upload, file }: { readonly upload?: string | undefined; readonly file?: string | undefined },
  work: (file: string) => Promise<T>,
): Promise<T> {
  if (upload !== undefined) return host.bundles.reading(upload, work);
  if (file !== undefined) return work(path.resolve(file));
  throw new AppError('bad-input', 'No bundle was named. Nothing was changed.');
}

export const bundleCalls = {
  async 'bundle.plan'(host, { workspace: id, to }) {
    const workspace = host.workspaces.get(id);
    const chosen = audience(workspace, to);
    const { filesOf, roomsOf } = await import('../bundles/write-bundle.ts');
    const rooms = await roomsOf(host, id, chosen);
    let [files, fileBytes] = [0, 0];
    for (const { blob, spaces } of await filesOf(host, id, rooms, chosen.carries)) {
      const [space] = spaces;
      const file = space === undefined ? null : await host.attachments.open({ workspace: id, space, blob });
      if (!file) continue;
      files += 1;
      fileBytes += file.size;
    }
    const shown = rooms.filter((room) => ['page', 'board', 'thread'].includes(host.catalogue.row(room)?.kind ?? ''));
    return {
      ...people(workspace, chosen),
      computers: chosen.devices.length,
      documents: shown.length,
      files,
      fileBytes,
      known: await isAnythingKnown(host, workspace, chosen, rooms),
    };
  },

  async 'bundle.write'(host, { workspace: id, to, since, files, passphrase, file }) {
    const workspace = host.workspaces.get(id);
    if (host.device.d === '') throw keyNotOpen();
    const chosen = audience(workspace, to);
    if (file !== undefined) await demandNoFile(path.resolve(file));
    const target = file === undefined ? await host.bundles.room() : path.resolve(file);
    const { writeBundle } = await import('../bundles/write-bundle.ts');
    const order = { to, since, files, passphrase: passphrase ?? null };
    let job = '';
    const run = async (context: JobContext): Promise<null> => {
      const parts = { audience: chosen, knowledge: host.bundles.knowledge, order };
      const done = await writeBundle(host, workspace, parts, target, context);
      const name = file === undefined ? nameFor(host, workspace, to) : path.basename(target);
      if (file === undefined) host.bundles.made(job, target);
      const place = file === undefined ? null : target;
      host.bundles.tell(job, { written: { ...done, ...people(workspace, chosen), name, path: place } });
      return null;
    };
    job = host.jobs.start('bundle', `bundle ${target}`, run);
    return { job };
  },

  async 'bundle.take'(host, { job, start }) {
    return { base64: Buffer.from(await host.bundles.take(job, start)).toString('base64') };
  },

  async 'bundle.begin'(host) {
    return { upload: await host.bundles.begin() };
  },

  async 'bundle.append'(host, { upload, base64 }) {
    return { size: await host.bundles.append(upload, new Uint8Array(Buffer.from(base64, 'base64'))) };
  },

  async 'bundle.drop'(host, { upload }) {
    await host.bundles.drop(upload);
    return {};
  },

  async 'bundle.read'(host, { workspace: wanted, upload, file, passphrase, take }) {
    const { openForHost } = await import('../bundles/read-bundle.ts');
    const { lookAtBundle } = await import('../bundles/look-bundle.ts');
    const { takeBundle } = await import('../bundles/take-bundle.ts');
    // The job goes on with what was opened here, also where the window lets go of the file meanwhile.
    const { bundle, workspace } = await withFile(host, { upload, file }, (place) =>
      openForHost(host, place, passphrase ?? null),
    );
    try {
      if (wanted !== undefined && wanted !== workspace.id) throw notThatWorkspace();
      let job = '';
      const run = async (context: JobContext): Promise<null> => {
        try {
          const { look, front } = await lookAtBundle(host, workspace, bundle, context);
          host.bundles.tell(job, { look });
          if (!take) return null;
          const parts = { bundle, front, knowledge: host.bundles.knowledge };
          host.bundles.tell(job, { taken: await takeBundle(host, workspace, parts, context) });
          return null;
        } finally {
          await bundle.close();
        }
      };
      // Two that take at once would do everything twice.
      job = host.jobs.start('bundle', `bundle ${take ? 'into' : bundle.id} ${workspace.id}`, run);
      return { job };
    } catch (error) {
      await bundle.close();
      throw error;
    }
  },

  async 'bundle.report'(host, { job }) {
    return host.bundles.report(job);
  },
} satisfies Partial<CallHandlers>;

/** A name that says on a stick what it is and of when, and nothing of what is in it. */
function nameFor(host: HostParts, workspace: Workspace, to: BundleTarget): string {
  const names = workspace.names();
  const whom =
    to.kind === 'member'
      ? names.member(to.member)
      : to.kind === 'space'
        ? names.space(to.space).name
        : workspace.entry().title;
  const day = new Date(host.clock.now()).toISOString().slice(0, 10);
  const plain = whom
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .slice(0, 60);
  return `${plain === '' ? 'Caravan' : plain} ${day}.caravan-bundle`;
}
