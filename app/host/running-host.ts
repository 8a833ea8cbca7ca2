// Finds the host that runs on a data folder already and becomes its client; a host.json of a dead host is noticed.
import { WebSocket } from 'ws';
import { AppError } from '../../shared/base/app-error.ts';
import { Emitter, type Event } from '../../shared/base/emitter.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { CallClient } from '../contract/call-messages.ts';
import type { Announcement, CallName, CallParams, CallResult } from '../contract/calls.ts';
import { readHostFile, type HostFile } from './host-file.ts';
import type { DataFolder } from './data-folder.ts';

/** A host that is busy with a large import still answers within this. */
const PATIENCE = 10_000;

/** Calls to a host, wherever it runs. */
export interface HostCaller {
  call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>>;
  readonly onAnnouncement: Event<Announcement>;
  close(): Promise<void>;
}

export interface RunningHost extends HostCaller {
  readonly file: HostFile;
  /** The address of a new browser window of that host. */
  newWindowUrl(): Promise<string>;
}

/** The running host, verified by its answer to `hello`; null where none runs. */
export async function findRunningHost(folder: DataFolder): Promise<RunningHost | null> {
  const file = await readHostFile(folder);
  if (!file) return null;
  const socket = await dial(file);
  if (!socket) return null;
  const announcements = new Emitter<Announcement>();
  const client = new CallClient({ send: (text) => socket.send(text) }, (announcement) =>
    announcements.fire(announcement),
  );
  socket.on('message', (data) => client.receive(String(data)));
  socket.on('error', () => undefined); // `close` follows and says all there is to say.
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      client.close('The running Caravan ended before it answered. What it had said is stored.');
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    socket.close();
    await closed;
  };
  if (!(await answersHello(client))) {
    socket.terminate();
    return null;
  }
  return {
    file,
    call: (name, params) => client.call(name, params),
    onAnnouncement: announcements.event,
    close,
    async newWindowUrl() {
      const response = await fetch(`http://127.0.0.1:${file.port}/v1/window`, {
        method: 'POST',
        headers: { authorization: `Bearer ${file.token}` },
        signal: AbortSignal.timeout(PATIENCE),
      });
      const body: unknown = await response.json();
      if (typeof body === 'object' && body !== null && 'url' in body && typeof body.url === 'string') return body.url;
      throw new AppError('internal', 'The running Caravan did not give the address of a window. Nothing was changed.');
    },
  };
}

/** A socket that the host's token opened, or null: nobody listens there, or somebody else does. */
function dial(file: HostFile): Promise<WebSocket | null> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${file.port}/v1/calls`, {
      headers: { authorization: `Bearer ${file.token}` },
      perMessageDeflate: false,
      maxPayload: LIMITS.callAnswer,
      handshakeTimeout: PATIENCE,
    });
    socket.once('open', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

async function answersHello(client: CallClient): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE);
  });
  const hello = client.call('hello', {}).then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([hello, late]);
  clearTimeout(timer);
  return answered;
}
