// Who is present in one open room: the registry with the room's clock, and the time for which a lost link's entries hold. Rights are the room's.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { PresenceRegistry } from '../link/presence.ts';
import { LinkOrigin } from '../link/room-channel.ts';
import type { Origin, PresenceUpdate, Principal } from '../link/room-source.ts';

/** Milliseconds between looks for presence that has outlived its time. */
const EXPIRE_EVERY = 3_000;

export interface RoomPresenceOptions {
  readonly clock: Clock;
  /** Whether windows sit at this hub: then a link speaks for whoever is elsewhere, and not for the device at its other end. */
  readonly host: boolean;
  readonly tell: (news: PresenceUpdate) => void;
}

export class RoomPresence implements Disposable {
  readonly #options: RoomPresenceOptions;
  readonly #registry = new PresenceRegistry();
  /** While presence is kept that came over a link which is gone. */
  #expiring: Disposable | null = null;

  constructor(options: RoomPresenceOptions) {
    this.#options = options;
  }

  /** False: refused by rule. */
  apply(update: Uint8Array, origin: Origin, { device, member }: Principal): boolean {
    const { clock, host, tell } = this.#options;
    const linked = origin instanceof LinkOrigin && host;
    this.#registry.join(origin, linked ? { device: `hub ${origin.hub}`, linked } : { device });
    const news = this.#registry.apply(update, origin, clock.now(), linked ? null : member);
    if (news) tell({ update: news, origin });
    return news !== false;
  }

  drop(origin: Origin): void {
    const gone = this.#registry.drop(origin);
    if (gone) this.#options.tell({ update: gone, origin });
  }

  /** Rule PR8: what came over a link that broke holds for its time; at a relay the others are told at once. */
  lose(origin: Origin): void {
    if (!this.#options.host) this.drop(origin);
    else if (this.#registry.lose(origin)) this.#expireLater();
  }

  /** Everybody present; `own`: without what links brought to a host. */
  snapshot(own: boolean): Uint8Array | null {
    return this.#registry.snapshot(this.#options.clock.now(), own);
  }

  /** Leaves no timer; what was kept is told to newcomers until its time is over. */
  dispose(): void {
    this.#expiring?.dispose();
    this.#expiring = null;
  }

  #expireLater(): void {
    const { clock, tell } = this.#options;
    this.#expiring ??= clock.after(EXPIRE_EVERY, () => {
      this.#expiring = null;
      const gone = this.#registry.expire(clock.now());
      if (gone) tell({ update: gone, origin: this });
      if (this.#registry.hasLost) this.#expireLater();
    });
  }
}
