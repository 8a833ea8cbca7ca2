// A room's name on the wire: `<workspace>/<space>/<document>`; parsing is total and strict.
import { LIMITS } from './limits.ts';

/** The three parts of a room's name. A space is an id, `@<id>` (a profile) or `~<member>` (that member's devices only). */
export interface RoomAddress {
  readonly workspace: string;
  readonly space: string;
  readonly document: string;
}

const ID = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;
const SPACE = /^[@~]?[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

/** The address, or null for anything that is not exactly three well-formed parts (no `..`, no escapes, no empty part). */
export function parseRoomName(name: string): RoomAddress | null {
  if (name.length > LIMITS.roomPath) return null;
  const [workspace, space, document, ...rest] = name.split('/');
  if (workspace === undefined || space === undefined || document === undefined || rest.length > 0) return null;
  if (!ID.test(workspace) || !SPACE.test(space) || !ID.test(document)) return null;
  return { workspace, space, document };
}

export function formatRoomName(address: RoomAddress): string {
  return `${address.workspace}/${address.space}/${address.document}`;
}
