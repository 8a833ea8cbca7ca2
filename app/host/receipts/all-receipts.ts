// The two accounts of who holds what was written here, told as one: what the relay and its devices have (RC3), and what peers have (RC8). It keeps nothing itself.
import { DisposableStore } from '../../../shared/base/disposable.ts';
import { Emitter, type Event } from '../../../shared/base/emitter.ts';
import type { PeerHolders } from '../peers/peer-holders.ts';
import { Receipts, type ReceiptsParts, type ReceiptWorkspace } from './receipts.ts';
import type { HeldUpTo, SittingHolders } from './receipt-row.ts';

export class AllReceipts {
  readonly #relay: Receipts;
  readonly #peers: Receipts;
  readonly #holders: PeerHolders;
  readonly #watched = new Set<string>();
  readonly #held = new DisposableStore();
  readonly #changes = new Emitter<string>();
  /** What is known of who holds something here became different; the value is the workspace. */
  readonly onChange: Event<string> = this.#changes.event;

  constructor(parts: ReceiptsParts, holders: PeerHolders) {
    this.#relay = new Receipts(parts);
    this.#peers = new Receipts({ ...parts, kind: 'peer-receipts' });
    this.#holders = holders;
    for (const one of [this.#relay, this.#peers]) this.#held.add(one.onChange((id) => this.#changes.fire(id)));
  }

  watch(workspace: ReceiptWorkspace): void {
    this.#relay.watch(workspace);
    this.#watched.add(workspace.id);
    const mine = this.#holders.asReceipts(workspace.id);
    // Before it is known what peers hold, every receipt would look like one that was lost.
    void mine.link?.loaded().then(() => {
      if (this.#watched.has(workspace.id)) this.#peers.watch(mine);
    });
  }

  /** What was written in a room on this computer, by sitting, newest first, and who holds it, as far as anybody told. */
  async of(room: string): Promise<readonly SittingHolders[]> {
    const peers = await this.#peers.of(room);
    return (await this.#relay.of(room)).map((one) => {
      const other = peers.find(({ from }) => from === one.from);
      return other ? { ...one, devices: eitherWay(one.devices, other.devices) } : one;
    });
  }

  /** What is remembered of relays and peers was taken away: so is what rests on it. */
  forget(workspace: string): void {
    this.#relay.forget(workspace);
    this.#peers.forget(workspace);
  }

  /** The workspace is on this computer no more. */
  leave(workspace: string): void {
    this.#watched.delete(workspace);
    this.#relay.leave(workspace);
    this.#peers.leave(workspace);
  }

  /** The room was purged. */
  drop(room: string): void {
    this.#relay.drop(room);
    this.#peers.drop(room);
  }

  /** Resolves when what is known is stored, or could not be. */
  async close(): Promise<void> {
    this.#watched.clear();
    await Promise.all([this.#relay.close(), this.#peers.close()]);
    this.#held.dispose();
    this.#changes.clear();
  }
}

type Devices = SittingHolders['devices'];

/** Of what is known of a device in two ways, what goes further; of two that go as far, what was known first. */
function eitherWay(one: Devices, other: Devices): Devices {
  const devices = new Map(one.map((held) => [held.device, held]));
  for (const held of other) {
    const before = devices.get(held.device);
    if (!before || goesFurther(held, before)) devices.set(held.device, held);
  }
  return [...devices.values()];
}

function goesFurther(one: HeldUpTo, other: HeldUpTo): boolean {
  return one.upTo > other.upTo || (one.upTo === other.upTo && one.at < other.at);
}
