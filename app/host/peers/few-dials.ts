// A door through which only a few are dialed at once: whatever is announced, this computer does not knock everywhere at the same time. What is dialed is decided elsewhere.
import { AppError } from '../../../shared/base/app-error.ts';
import type { PeerDoor } from './peer-connection.ts';

const MOST = 6;

/** The others wait their turn, in order. Whoever types a code does not wait. Closing it closes `door`. */
export function fewDials(door: PeerDoor, most = MOST): PeerDoor {
  let dialing = 0;
  let closed = false;
  const waiting: (() => void)[] = [];

  async function turn(): Promise<void> {
    if (dialing >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    if (closed) throw new AppError('closed', 'This program is ending. Nothing was changed.');
    dialing += 1;
  }

  return {
    get port() {
      return door.port;
    },
    async dial(workspace, address, purpose, expected) {
      if (expected?.code !== undefined) return door.dial(workspace, address, purpose, expected);
      await turn();
      try {
        return await door.dial(workspace, address, purpose, expected);
      } finally {
        dialing -= 1;
        waiting.shift()?.();
      }
    },
    async close() {
      closed = true;
      for (const go of waiting.splice(0)) go();
      await door.close();
    },
  };
}
