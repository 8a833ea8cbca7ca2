// The rooms that a workspace keeps in step at once: those that windows have open, and those whose names its lists show.
import { disposable, type Disposable } from '../../shared/base/disposable.ts';

/** What is asked of a link. */
export interface PinningLink {
  pin(room: string): Disposable;
}

export class RoomPins {
  /** Rooms that windows have open, with how many. */
  readonly #held = new Map<string, { count: number; pin: Disposable | null }>();
  readonly #listed = new Map<string, Disposable>();
  #link: PinningLink | null = null;

  /** For as long as a window has it open, over whatever link there is meanwhile. */
  pin(room: string): Disposable {
    const held = this.#held.get(room) ?? { count: 0, pin: this.#link?.pin(room) ?? null };
    held.count += 1;
    this.#held.set(room, held);
    return disposable(() => {
      held.count -= 1;
      if (held.count > 0) return;
      held.pin?.dispose();
      this.#held.delete(room);
    });
  }

  /** From now on these, for lists, and no others than these. */
  list(rooms: ReadonlySet<string>): void {
    const link = this.#link;
    if (!link) return;
    for (const [room, pin] of this.#listed) {
      if (rooms.has(room)) continue;
      pin.dispose();
      this.#listed.delete(room);
    }
    for (const room of rooms) if (!this.#listed.has(room)) this.#listed.set(room, link.pin(room));
  }

  /** Lets go of what the last link was asked, and asks this one; what is listed is to be named again. */
  follow(link: PinningLink | null): void {
    this.#link = link;
    for (const pin of this.#listed.values()) pin.dispose();
    this.#listed.clear();
    for (const [room, held] of this.#held) {
      held.pin?.dispose();
      held.pin = link?.pin(room) ?? null;
    }
  }
}
