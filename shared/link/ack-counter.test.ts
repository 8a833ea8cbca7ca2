// Shows that "saved" is never said too early: a hand-driven socket stands for the network.
import { describe, expect, it } from 'vitest';
import { encodeAck, encodeAwareness, encodeStep1, encodeStep2, encodeUpdate } from '../protocol/room-frames.ts';
import { AckCounter, type SocketClass, type SocketLike } from './ack-counter.ts';

class HandSocket implements SocketLike {
  static last: HandSocket;
  binaryType = 'arraybuffer';
  readyState = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  constructor() {
    HandSocket.last = this;
  }
  send(): void {}
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.({} as never);
  }
  lose(): void {
    this.readyState = 3;
    this.onclose?.({ code: 1006 } as never);
  }
  hear(message: Uint8Array): void {
    this.onmessage?.({ data: message.buffer } as never);
  }
}

const bytes = Uint8Array.of(0, 0);

function counted(): { counter: AckCounter; connect: () => { socket: SocketLike; hand: HandSocket } } {
  const counter = new AckCounter();
  const Socket = counter.wrap(HandSocket as unknown as SocketClass);
  return {
    counter,
    connect() {
      const socket = new Socket('caravan://host/w/s/d');
      HandSocket.last.open();
      return { socket, hand: HandSocket.last };
    },
  };
}

const send = (socket: SocketLike, message: Uint8Array): void => socket.send(message as never);

describe('[X8] the acknowledgement counter of a window', () => {
  it('is not pending by the first exchange of a document that nobody touched', () => {
    const { counter, connect } = counted();
    const { socket } = connect();
    send(socket, encodeStep1(bytes));
    send(socket, encodeStep2(bytes));
    send(socket, encodeAwareness(bytes));
    expect(counter.pending).toBe(false);
  });

  it('is pending from an edit until all of it is acknowledged', () => {
    const { counter, connect } = counted();
    const heard: boolean[] = [];
    counter.onPending((pending) => heard.push(pending));
    const { socket, hand } = connect();
    send(socket, encodeStep2(bytes));
    counter.edited();
    send(socket, encodeUpdate(bytes));
    send(socket, encodeUpdate(bytes));
    hand.hear(encodeAck(2));
    expect(counter.pending).toBe(true);
    hand.hear(encodeAck(3));
    expect(counter.pending).toBe(false);
    expect(heard).toEqual([true, false]);
  });

  it('stays pending when the socket closes before the acknowledgement, until the next SyncStep2 is durable', () => {
    const { counter, connect } = counted();
    const first = connect();
    send(first.socket, encodeUpdate(bytes));
    first.hand.lose();
    expect(counter.pending).toBe(true);
    const second = connect();
    second.hand.hear(encodeAck(0));
    expect(counter.pending).toBe(true);
    send(second.socket, encodeStep2(bytes));
    expect(counter.pending).toBe(true);
    second.hand.hear(encodeAck(1));
    expect(counter.pending).toBe(false);
  });

  it('is pending for what was typed without a connection', () => {
    const { counter, connect } = counted();
    counter.edited();
    expect(counter.pending).toBe(true);
    const { socket, hand } = connect();
    send(socket, encodeUpdate(bytes));
    hand.hear(encodeAck(1));
    // The update alone does not hold what was typed before; only the SyncStep2 does.
    expect(counter.pending).toBe(true);
    send(socket, encodeStep2(bytes));
    hand.hear(encodeAck(2));
    expect(counter.pending).toBe(false);
  });

  it('[AK6] counts anew on each socket: an old count says nothing of a new one', () => {
    const { counter, connect } = counted();
    const first = connect();
    send(first.socket, encodeStep2(bytes));
    send(first.socket, encodeUpdate(bytes));
    first.hand.hear(encodeAck(2));
    expect(counter.pending).toBe(false);
    first.hand.lose();
    const second = connect();
    send(second.socket, encodeStep2(bytes));
    send(second.socket, encodeUpdate(bytes));
    second.hand.hear(encodeAck(1));
    expect(counter.pending).toBe(true);
    second.hand.hear(encodeAck(2));
    expect(counter.pending).toBe(false);
  });

  it('[AK6] [D10] is pending again for what a host lost after it had acknowledged it, until that is durable there', () => {
    // A host restored from a backup asked for it, was sent it, and could have died in that moment: "saved" was shown all the while.
    const { counter, connect } = counted();
    const first = connect();
    send(first.socket, encodeUpdate(bytes));
    first.hand.hear(encodeAck(1));
    first.hand.lose();
    expect(counter.pending).toBe(false);
    const second = connect();
    send(second.socket, encodeStep2(Uint8Array.of(1, 1, 5, 0, 4, 1, 1, 97, 1, 65, 0)));
    expect(counter.pending).toBe(true);
    second.hand.lose();
    const third = connect();
    send(third.socket, encodeStep2(Uint8Array.of(0, 1, 5, 1, 0, 1)));
    expect(counter.pending).toBe(true);
    third.hand.hear(encodeAck(1));
    expect(counter.pending).toBe(false);
  });

  it('counts what is typed while the provider closes its socket as not saved', () => {
    const { counter, connect } = counted();
    const { socket, hand } = connect();
    socket.close();
    counter.edited();
    hand.hear(encodeAck(9));
    expect(counter.pending).toBe(true);
  });

  it('[FC3] counts what is typed into a socket that is closing as not saved: the provider sends it nowhere', () => {
    // A browser knows for a while that a socket closes before it says so: a letter of that time was called saved, and let go of.
    const { counter, connect } = counted();
    const { hand } = connect();
    hand.readyState = 2;
    counter.edited();
    expect(counter.pending).toBe(true);
    hand.lose();
    expect(counter.pending).toBe(true);
    const second = connect();
    send(second.socket, encodeStep2(bytes));
    second.hand.hear(encodeAck(1));
    expect(counter.pending).toBe(false);
  });

  it('believes no host that acknowledges more than was sent, and no older socket', () => {
    const { counter, connect } = counted();
    const first = connect();
    send(first.socket, encodeUpdate(bytes));
    first.hand.hear(encodeAck(100));
    expect(counter.pending).toBe(true);
    const second = connect();
    send(second.socket, encodeStep2(bytes));
    first.hand.hear(encodeAck(1));
    expect(counter.pending).toBe(true);
    second.hand.hear(encodeAck(1));
    expect(counter.pending).toBe(false);
  });

  it('ignores broken messages', () => {
    const { counter, connect } = counted();
    const { hand } = connect();
    hand.hear(Uint8Array.of(64));
    hand.hear(Uint8Array.of(0, 2, 200));
    expect(counter.pending).toBe(false);
  });
});
