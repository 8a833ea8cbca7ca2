// What this computer remembers for itself in settings.json: its ports, sessions, how many snapshots, how much history, its name, and whether it may disturb. No document, no key.
import { hostname } from 'node:os';
import { z } from 'zod';
import { AppError } from '../../shared/base/app-error.ts';
import type { Retention } from '../../shared/hub/history/retention.ts';
import { parseJson, readText, writeText, type DataFolder } from './data-folder.ts';
import { SNAPSHOT_LIMITS, type SnapshotLimits } from './snapshot-plan.ts';

const settings = z.strictObject({
  /** Chosen once, so that a bookmark and the browser's own storage keep working. */
  browserPort: z.int().min(1).max(65_535).nullable(),
  /** Where other members' computers come in; chosen once, so that an address that was typed keeps working. Left out: not chosen yet. */
  peerPort: z.int().min(1).max(65_535).optional(),
  /** SHA-256 (base64url) of the session cookies given out, newest last. */
  sessions: z.array(z.string().max(64)).max(100),
  /** How many rolling snapshots are kept; left out: SNAPSHOT_LIMITS. Written by hand. */
  snapshots: z
    .strictObject({
      daily: z.int().min(1).max(366),
      weekly: z.int().min(0).max(520),
      /** Of all of them together. */
      bytes: z.int().min(0),
    })
    .optional(),
  /** Days after which history is removed here; 0: never by age. Left out: HISTORY_KEPT. */
  historyDays: z.int().min(0).max(36_500).optional(),
  /** Bytes of history beyond which the oldest is removed here; 0: no bound. */
  historyBytes: z.int().min(0).optional(),
  /** Whether the key is sealed by the system's keyring where there is one; left out: it is. */
  keyring: z.boolean().optional(),
  /** Until when no notification is shown here; null: until it is turned off. Left out: they are shown. */
  disturb: z.strictObject({ until: z.number().nullable() }).optional(),
  /** Whether Electron goes on when its last window is closed; left out: it ends. */
  stays: z.boolean().optional(),
  /** What this computer is called in the profiles of its member; left out: the system's name for it. */
  deviceName: z.string().min(1).max(200).optional(),
  /** Workspaces in which this computer neither looks for members' computers on the network nor says that it is there. */
  unannounced: z.array(z.string().max(64)).max(1_000).optional(),
});
type Values = Readonly<z.output<typeof settings>>;

const DEFAULTS: Values = { browserPort: null, sessions: [] };
/** Never by age; a gigabyte of text is what a team types in many years. */
const HISTORY_KEPT: Retention = Object.freeze({ days: 0, bytes: 1024 ** 3 });
/** Older browser sessions are forgotten: a window that comes back then needs a new address. */
const SESSIONS_KEPT = 20;

export class Settings {
  readonly #file: string;
  #values: Values;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, values: Values) {
    this.#file = file;
    this.#values = values;
  }

  static async open(folder: DataFolder): Promise<Settings> {
    const text = await readText(folder.settingsFile);
    if (text === null) return new Settings(folder.settingsFile, DEFAULTS);
    const read = settings.safeParse(parseJson(text));
    if (!read.success) {
      throw new AppError(
        'damaged',
        `${folder.settingsFile} cannot be understood. Your documents are not in it and are kept. Move that file away and start again; windows then get a new address.`,
      );
    }
    return new Settings(folder.settingsFile, read.data);
  }

  get browserPort(): number | null {
    return this.#values.browserPort;
  }

  get peerPort(): number | null {
    return this.#values.peerPort ?? null;
  }

  get snapshots(): SnapshotLimits {
    return this.#values.snapshots ?? SNAPSHOT_LIMITS;
  }

  get history(): Retention {
    const { historyDays: days, historyBytes: bytes } = this.#values;
    return { days: days ?? HISTORY_KEPT.days, bytes: bytes ?? HISTORY_KEPT.bytes };
  }

  get keyring(): boolean {
    return this.#values.keyring ?? true;
  }

  get deviceName(): string {
    return this.#values.deviceName ?? hostname().slice(0, 200);
  }

  get disturb(): { readonly until: number | null } | null {
    return this.#values.disturb ?? null;
  }

  get stays(): boolean {
    return this.#values.stays ?? false;
  }

  /** Whether this computer looks for those of a workspace's members on the network, and says that it is there. */
  discovers(workspace: string): boolean {
    return !(this.#values.unannounced ?? []).includes(workspace);
  }

  hasSession(hash: string): boolean {
    return this.#values.sessions.includes(hash);
  }

  setBrowserPort(browserPort: number): Promise<void> {
    return this.#change({ ...this.#values, browserPort });
  }

  setPeerPort(peerPort: number): Promise<void> {
    return this.#change({ ...this.#values, peerPort });
  }

  addSession(hash: string): Promise<void> {
    return this.#change({ ...this.#values, sessions: [...this.#values.sessions, hash].slice(-SESSIONS_KEPT) });
  }

  setHistory({ days, bytes }: Retention): Promise<void> {
    return this.#change({ ...this.#values, historyDays: days, historyBytes: bytes });
  }

  setKeyring(keyring: boolean): Promise<void> {
    return this.#change({ ...this.#values, keyring });
  }

  setDisturb(disturb: { readonly until: number | null } | null): Promise<void> {
    const { disturb: _, ...values } = this.#values;
    return this.#change(disturb ? { ...values, disturb: { ...disturb } } : values);
  }

  setStays(stays: boolean): Promise<void> {
    return this.#change({ ...this.#values, stays });
  }

  setDeviceName(deviceName: string): Promise<void> {
    return this.#change({ ...this.#values, deviceName });
  }

  setDiscovers(workspace: string, on: boolean): Promise<void> {
    const others = (this.#values.unannounced ?? []).filter((one) => one !== workspace);
    return this.#change({ ...this.#values, unannounced: on ? others : [...others, workspace].slice(-1_000) });
  }

  /** Writes one after the other, so that the newest values are the last on the disk. */
  #change(values: Values): Promise<void> {
    this.#values = values;
    const written = this.#writing.then(() => writeText(this.#file, `${JSON.stringify(values, null, 2)}\n`));
    this.#writing = written.catch(() => undefined); // The caller hears of it; the next write must still run.
    return written;
  }
}
