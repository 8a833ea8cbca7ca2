// Whose computer an announcement is of: the tags that members of the workspaces here have these days. It hears nothing itself.
import { believedDays, dayOf, deviceTag, workspaceTag, type Day } from './day-tags.ts';

/** A workspace as far as its announcements go. */
export interface Announced {
  readonly id: string;
  readonly meetingKey: Uint8Array;
  /** All devices of its members. */
  readonly devices: () => Iterable<string>;
}

interface Known {
  readonly announced: Announced;
  /** Device by tag; null: to be computed when somebody is heard. */
  devices: ReadonlyMap<string, string> | null;
}

export class KnownTags {
  readonly #known = new Map<string, Known>();
  #byTag = new Map<string, Known>();
  #day: Day | null = null;

  set(announced: Announced): void {
    this.#known.set(announced.id, { announced, devices: null });
    this.#day = null;
  }

  delete(workspace: string): void {
    this.#known.delete(workspace);
    this.#day = null;
  }

  /** Devices came or went. */
  devicesChanged(workspace: string): void {
    const known = this.#known.get(workspace);
    if (known) known.devices = null;
  }

  /** Null for what no member of a workspace here announces. */
  find(tags: { workspace: string; device: string }, now: number): { workspace: string; device: string } | null {
    this.#look(now);
    const known = this.#byTag.get(tags.workspace);
    if (!known) return null;
    known.devices ??= tagsOf(known.announced, now);
    const device = known.devices.get(tags.device);
    return device === undefined ? null : { workspace: known.announced.id, device };
  }

  #look(now: number): void {
    const day = dayOf(now);
    if (this.#day === day) return;
    this.#day = day;
    this.#byTag = new Map();
    for (const known of this.#known.values()) {
      known.devices = null;
      for (const one of believedDays(now)) this.#byTag.set(workspaceTag(known.announced.meetingKey, one), known);
    }
  }
}

function tagsOf({ meetingKey, devices }: Announced, now: number): ReadonlyMap<string, string> {
  const days = believedDays(now);
  const tags = new Map<string, string>();
  for (const device of devices()) for (const day of days) tags.set(deviceTag(meetingKey, device, day), device);
  return tags;
}
