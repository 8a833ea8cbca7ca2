// What the parts of peer sync hand one another: addresses, connections that are proved both ways, and who makes them. It does nothing.
import type { Transport } from '../../../shared/link/transport.ts';

/** Where another member's computer listens. */
export interface PeerAddress {
  /** An IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a connection is for; each has one socket of its own, so that text never waits for a file. */
export type PeerPurpose = 'link' | 'log' | 'blobs';

/**
 * A connection to another member's computer. Both devices are proved by their keys over this very connection, both logs were
 * brought in step, and both ends are members by them. Nothing of any room was said yet; the next message is the purpose's first.
 */
export interface PeerConnection {
  readonly workspace: string;
  readonly purpose: PeerPurpose;
  /** The other device's id and whose it is. */
  readonly device: string;
  readonly member: string;
  /** This end dialed. */
  readonly dialed: boolean;
  readonly address: PeerAddress;
  readonly transport: Transport;
}

/** What a dialing end insists on. */
export interface PeerExpectation {
  /** The one device that may answer; without it any member's. */
  readonly device?: string;
  /** A code that the other end shows now: it lets in where nobody is let in without. */
  readonly code?: string;
}

/** Makes connections and receives them. */
export interface PeerDoor {
  /** The port that it listens on; null while it listens nowhere. */
  readonly port: number | null;
  /**
   * Rejects with an AppError: `unreachable`, or `not-allowed` with `details.closeCode` 44xx where the other end, or this one, says no
   * for good.
   */
  dial(
    workspace: string,
    address: PeerAddress,
    purpose: PeerPurpose,
    expected?: PeerExpectation,
  ): Promise<PeerConnection>;
  close(): Promise<void>;
}

/** A step of the conversation before a connection is handed over: whole messages, one end after the other. */
export interface PeerTalk {
  readonly dialed: boolean;
  send(message: Uint8Array): void;
  /** The next message; rejects when the connection ends, or nothing comes within the patience for it. */
  receive(): Promise<Uint8Array>;
}
