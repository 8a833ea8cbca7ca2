// An access policy for tests of what stands beside rights: everybody may do everything in workspaces that were admitted.
import { Emitter } from '../../shared/base/emitter.ts';
import type { AccessPolicy, Operation } from '../../shared/hub/access-policy.ts';
import type { Principal } from '../../shared/link/room-source.ts';
import type { RoomAddress } from '../../shared/protocol/room-name.ts';

export class LocalAccess implements AccessPolicy {
  readonly #workspaces = new Set<string>();
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;

  allows(_principal: Principal, _operation: Operation, room: RoomAddress): boolean {
    return this.#workspaces.has(room.workspace);
  }

  admit(workspace: string): void {
    this.#workspaces.add(workspace);
    this.#changed.fire();
  }

  shutOut(workspace: string): void {
    this.#workspaces.delete(workspace);
    this.#changed.fire();
  }
}
