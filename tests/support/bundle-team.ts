// Bundles in tests: written and read by the calls of hosts, taken apart, forged; and a hash of all that a host keeps.
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as Y from 'yjs';
import type { DeviceKey, PublicJwk } from '../../shared/access/identity.ts';
import { encodeEntry, type BundleAbout, type Entry } from '../../app/host/bundles/bundle-entries.ts';
import { encodeHeader, type Opening } from '../../app/host/bundles/bundle-header.ts';
import { BundleDigest } from '../../app/host/bundles/bundle-signature.ts';
import { OpenBundle } from '../../app/host/bundles/open-bundle.ts';
import { sealToDevices } from '../../app/host/bundles/seal-keys.ts';
import { payloadKey, SealedWriter } from '../../app/host/bundles/sealed-file.ts';
import { profileRoom } from '../../shared/model/profile/profile.ts';
import type { BundleReport, BundleTarget } from '../../app/contract/bundles.ts';
import type { Host } from '../../app/host/host.ts';
import { endedJob, until, type HostBench } from './host.ts';
import { OfflineTeam } from './offline-team.ts';

export interface Wish {
  readonly since?: boolean;
  readonly files?: boolean;
  readonly passphrase?: string;
}

export interface Forgery {
  readonly about: BundleAbout;
  readonly entries: readonly Entry[];
  /** Whoever can open it. */
  readonly to: readonly PublicJwk[];
  readonly device: string;
  readonly signer: DeviceKey;
  readonly opening?: Opening;
}

export class BundleTeam {
  readonly team: OfflineTeam;
  readonly places: string;
  #made = 0;

  private constructor(team: OfflineTeam, places: string) {
    this.team = team;
    this.places = places;
  }

  static async make(bench: HostBench): Promise<BundleTeam> {
    return new BundleTeam(await OfflineTeam.make(bench), await bench.folder());
  }

  get place(): string {
    return path.join(this.places, `${(this.#made += 1)}.caravan-bundle`);
  }

  async write(host: Host, to: BundleTarget, { since = false, files = false, passphrase }: Wish = {}): Promise<string> {
    const file = this.place;
    const more = passphrase === undefined ? {} : { passphrase };
    const { workspace } = this.team;
    const { job } = await host.call('bundle.write', { workspace, to, since, files, file, ...more });
    const { status } = await endedJob(host, job);
    if (status.state !== 'done') throw new Error(status.message);
    return file;
  }

  /** Rejects with what people are told. */
  async read(host: Host, file: string, { take = true, passphrase }: { take?: boolean; passphrase?: string } = {}) {
    const more = passphrase === undefined ? {} : { passphrase };
    const { job } = await host.call('bundle.read', { file, take, ...more });
    const { status } = await endedJob(host, job);
    if (status.state !== 'done') throw new Error(status.message);
    const report: BundleReport = await host.call('bundle.report', { job });
    return report;
  }

  async page(
    host: Host,
    title: string,
    space = this.team.space,
  ): Promise<{ readonly id: string; readonly room: string }> {
    const { workspace } = this.team;
    return host.call('doc.create', { workspace, space, kind: 'page', title, parent: null });
  }

  /** All that is inside, as the device with this key reads it. */
  async inside(file: string, key: DeviceKey): Promise<readonly Entry[]> {
    const bundle = await OpenBundle.open(file);
    try {
      await bundle.unlock(key, null, () => '');
      const entries: Entry[] = [];
      for await (const { entry } of bundle.entries()) entries.push(entry);
      return entries;
    } finally {
      await bundle.close();
    }
  }

  /** A bundle as nobody's program writes it, whole and signed. */
  async forge({ about, entries, to, device, signer, opening }: Forgery): Promise<string> {
    const place = this.place;
    const fileKey = new Uint8Array(32).fill(9);
    const { ephemeral, sealed } = sealToDevices(fileKey, to);
    const devices = sealed.map((one) => ({ device, sealed: one ?? new Uint8Array(48) }));
    const header = {
      workspace: about.workspace,
      opening: opening ?? ({ kind: 'devices', ephemeral, devices } as const),
    };
    const { bytes, hash } = encodeHeader(header);
    const file = await open(place, 'wx');
    try {
      await file.writeFile(bytes);
      const writer = new SealedWriter(file, payloadKey(fileKey, hash));
      const digest = new BundleDigest(hash);
      for (const entry of [{ kind: 'about', about } as const, ...entries]) {
        const raw = encodeEntry(entry, about.workspace);
        digest.add(raw);
        await writer.write(raw);
      }
      await writer.write(encodeEntry({ kind: 'end', signature: digest.sign(signer) }, about.workspace));
      await writer.end();
    } finally {
      await file.close();
    }
    return place;
  }
}

/** As keptBy(), once nothing of what was done before is still to be stored: a computer that came in names itself, and what was written is cut for history. */
export async function restingAt(host: Host, workspace: string): Promise<string> {
  const { store, history, catalogue, workspaces, device } = host.parts;
  const profile = profileRoom(workspace, workspaces.get(workspace).about.member);
  await until('this computer has its name', () => catalogue.row(profile)?.devices[device.id] !== undefined);
  const rooms: string[] = [];
  for await (const room of store.rooms(workspace)) rooms.push(room);
  await history.cut(rooms);
  return keptBy(host, workspace);
}

/** Of documents, history, what is remembered of others, attachments and the log: equal ones mean that nothing was changed. */
export async function keptBy({ parts, folder }: Host, workspace: string): Promise<string> {
  const hash = createHash('sha256');
  const rooms: string[] = [];
  for await (const room of parts.store.rooms(workspace)) rooms.push(room);
  for (const room of rooms.sort()) {
    const stored = await parts.store.load(room);
    hash.update(`${room} ${stored?.number}\n`);
    // What it holds, however it is stored: a room at rest is merged behind everything else.
    const doc = new Y.Doc();
    for (const update of [stored?.state?.update, ...(stored?.tail ?? [])]) if (update) Y.applyUpdate(doc, update);
    hash.update(Y.encodeSnapshot(Y.snapshot(doc)));
    doc.destroy();
    for (const segment of [...(await parts.store.segments.ofRoom(room))].sort()) hash.update(`${segment}\n`);
  }
  for (const area of ['link', 'hub', 'blob', 'set-aside', 'cursors']) {
    for await (const [key, value] of parts.store.values.entries(area)) {
      // Receipts of what was written before are stored a second later.
      if (area !== 'link' || key.includes('/bundle/')) hash.update(`${key}\n`).update(value);
    }
  }
  for await (const { name } of parts.blobs.list(workspace)) hash.update(`${name}\n`);
  hash.update(await readFile(path.join(folder.workspaces, workspace, 'log.jsonl')));
  return hash.digest('hex');
}
