// What others' awareness states say about their cursors, read with distrust: anything else than a cursor is nothing.

/** Where somebody's cursor is; the positions are relative ones that only the binding can read. */
export interface RemoteCursor {
  readonly client: number;
  readonly member: string;
  readonly anchor: unknown;
  readonly head: unknown;
}

const MAX_POSITION_LENGTH = 400;
const MAX_MEMBER_LENGTH = 100;
/** More flags than this on one page help nobody, and a peer can invent clients. */
export const MAX_CURSORS = 50;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): boolean {
  if (!isRecord(value)) return false;
  try {
    return JSON.stringify(value).length <= MAX_POSITION_LENGTH;
  } catch {
    // A cycle cannot come over the wire, but a state in this window could hold one.
    return false;
  }
}

/** The cursors in these awareness states, without one's own and without whatever is not well formed. Never throws. */
export function remoteCursors(states: ReadonlyMap<number, unknown>, ownClient: number): RemoteCursor[] {
  const found: RemoteCursor[] = [];
  for (const [client, state] of states) {
    if (client === ownClient || found.length >= MAX_CURSORS || !isRecord(state)) continue;
    const { user, cursor } = state;
    if (!isRecord(user) || !isRecord(cursor)) continue;
    const { member } = user;
    if (typeof member !== 'string' || member === '' || member.length > MAX_MEMBER_LENGTH) continue;
    if (!isPosition(cursor.anchor) || !isPosition(cursor.head)) continue;
    found.push({ client, member, anchor: cursor.anchor, head: cursor.head });
  }
  return found.sort((a, b) => a.client - b.client);
}
