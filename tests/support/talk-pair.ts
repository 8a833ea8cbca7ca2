// Two ends of a conversation between hosts, in memory: whole messages, in order; ending one end ends the other.
import type { PeerTalk } from '../../app/host/peers/peer-connection.ts';

export interface TalkEnd extends PeerTalk {
  /** Everything that this end sent, for tests that look into it. */
  readonly sent: Uint8Array[];
  end(): void;
}

export function talkPair(): readonly [TalkEnd, TalkEnd] {
  const waiting: [((message: Uint8Array | null) => void) | null, ((message: Uint8Array | null) => void) | null] = [
    null,
    null,
  ];
  const queues: [Uint8Array[], Uint8Array[]] = [[], []];
  let isOver = false;
  const end = (): void => {
    isOver = true;
    for (const wake of waiting) wake?.(null);
  };
  const one = (me: 0 | 1): TalkEnd => {
    const sent: Uint8Array[] = [];
    const other = me === 0 ? 1 : 0;
    return {
      dialed: me === 0,
      sent,
      end,
      send(message) {
        sent.push(message);
        const wake = waiting[other];
        waiting[other] = null;
        if (wake) wake(message);
        else queues[other].push(message);
      },
      async receive() {
        const next = queues[me].shift();
        if (next) return next;
        if (isOver) throw new Error('the conversation is over');
        const message = await new Promise<Uint8Array | null>((resolve) => (waiting[me] = resolve));
        if (!message) throw new Error('the conversation is over');
        return message;
      },
    };
  };
  return [one(0), one(1)];
}
