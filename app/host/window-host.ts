// What windows and commands need of a host: calls, announcements, rooms. A whole host is one, and one in recovery is.
import type { Disposable } from '../../shared/base/disposable.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { Transport } from '../../shared/link/transport.ts';
import type { Announcement, CallName, CallParams, CallResult } from '../contract/calls.ts';
import type { OpenBlob } from './attachments/attachments.ts';
import type { Caller } from './caller.ts';
import type { DataFolder } from './data-folder.ts';
import type { Settings } from './settings.ts';

export interface WindowHost {
  readonly logger: Logger;
  readonly folder: DataFolder;
  /** Of a whole host: the one copy in its process. */
  readonly settings?: Settings;
  readonly onAnnouncement: (listener: (announcement: Announcement) => void) => Disposable;
  readonly onQuit: (listener: () => void) => Disposable;
  /** A call with checked parameters. Rejects with AppErrors. `caller`: the connection that it came by, where it is a window's. */
  call<N extends CallName>(name: N, params: CallParams<N>, caller?: Caller): Promise<CallResult<N>>;
  serveRoom(room: string, ack: boolean, transport: Transport): void;
  /** Null where there is none for this device. */
  openBlob(workspace: string, space: string, blob: string): Promise<OpenBlob | null>;
  close(): Promise<void>;
}
