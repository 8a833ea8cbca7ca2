// Goes through a bundle to its end before anything of it counts: who wrote it, by the log, and that the signature holds. Looking and taking are built on it; it changes nothing.
import { keyNotOpen } from '../../../shared/access/device-key.ts';
import type { Membership } from '../../../shared/access/identity.ts';
import { Breath } from '../breath.ts';
import type { HostParts } from '../call-handlers.ts';
import type { JobContext } from '../jobs.ts';
import type { Workspace } from '../workspace.ts';
import { mayBring } from './bundle-audience.ts';
import type { BundleAbout, Entry } from './bundle-entries.ts';
import { judgeLog, type BundleLog } from './bundle-log.ts';
import {
  cancelledReading,
  damagedBundle,
  falseSignature,
  noPartHere,
  otherWorkspace,
  removedWriter,
  unknownWriter,
} from './bundle-words.ts';
import { OpenBundle } from './open-bundle.ts';

/** What is known once the part in front of the documents was read. */
export interface BundleFront {
  readonly about: BundleAbout;
  readonly log: BundleLog;
  /** Of the device that wrote it. */
  readonly member: string;
  /** Whether what others wrote is taken from it. */
  readonly carries: boolean;
  /** Whether it may add to a room. */
  brings(room: string): boolean;
}

export type Content = Exclude<Entry, { readonly kind: 'about' | 'record' | 'end' }>;

/** Opens and unlocks one that is for this computer. Whoever calls it closes it. Throws for every other file, with the reason. */
export async function openForHost(
  host: HostParts,
  path: string,
  passphrase: string | null,
): Promise<{ readonly bundle: OpenBundle; readonly workspace: Workspace }> {
  const bundle = await OpenBundle.open(path);
  try {
    const workspace = host.workspaces.find(bundle.header.workspace);
    if (!workspace) throw otherWorkspace();
    if (host.device.d === '') throw keyNotOpen();
    if (workspace.entry().mine !== 'member') throw noPartHere();
    await bundle.unlock(host.device, passphrase, (device) => nameOf(workspace, device));
    return { bundle, workspace };
  } catch (error) {
    await bundle.close();
    throw error;
  }
}

/** `take` is given each part, in order, and may not change anything: only at the end is it known whether the bundle holds. */
export async function readThrough(
  host: HostParts,
  workspace: Workspace,
  bundle: OpenBundle,
  context: JobContext,
  take: (content: Content, front: BundleFront) => Promise<void>,
): Promise<BundleFront> {
  let about: BundleAbout | null = null;
  let front: BundleFront | null = null;
  const texts: string[] = [];
  const breath = new Breath();
  for await (const { entry, at, digest } of bundle.entries()) {
    if (breath.isDue) await breath.take();
    if (context.signal.aborted) throw cancelledReading(0);
    context.progress(at, 2 * bundle.size, 'Looking through the bundle');
    if (entry.kind === 'about') about = entry.about;
    else if (entry.kind === 'record') texts.push(entry.text);
    else {
      if (!about) throw damagedBundle();
      front ??= await frontOf(host, workspace, about, texts);
      if (entry.kind !== 'end') {
        await take(entry, front);
        continue;
      }
      const key = front.log.membership.keys.get(about.writer);
      if (!key || !digest.isSignedBy(key, entry.signature)) throw falseSignature();
    }
  }
  if (!front) throw damagedBundle();
  return front;
}

async function frontOf(
  host: HostParts,
  workspace: Workspace,
  about: BundleAbout,
  texts: readonly string[],
): Promise<BundleFront> {
  const log = await judgeLog(workspace.log, texts, about);
  const { membership } = log;
  const member = writerIn(membership, about.writer, (id) => workspace.names().member(id));
  const role = membership.members.get(member)?.role;
  const known = new Map<string, boolean>();
  return {
    about,
    log,
    member,
    carries: role !== 'guest' && role !== 'viewer',
    brings(room) {
      const may = known.get(room) ?? mayBring(membership, about.writer, room, host.clock.now());
      known.set(room, may);
      return may;
    },
  };
}

/** The member; throws for a computer that is not, or not any more, one of the workspace. */
function writerIn(membership: Membership, writer: string, nameOf: (member: string) => string): string {
  const member = membership.devices.get(writer);
  if (member !== undefined) return member;
  const removed = membership.removedDevices.get(writer);
  throw removed === undefined ? unknownWriter() : removedWriter(nameOf(removed));
}

function nameOf(workspace: Workspace, device: string): string {
  const { membership } = workspace.log;
  const member = membership.devices.get(device) ?? membership.removedDevices.get(device);
  // Guests know those whom they meet.
  const shown = member !== undefined && workspace.members().some(({ id }) => id === member);
  return shown ? workspace.names().member(member) : '';
}
