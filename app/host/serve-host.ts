// Puts a host on the loopback: its server, and host.json so that a second start finds it. Removed again on close.
import type { HostFile } from './host-file.ts';
import { removeHostFile, writeHostFile } from './host-file.ts';
import { HostServer } from './host-server.ts';
import type { WindowHost } from './window-host.ts';
import { Settings } from './settings.ts';

export interface ServeHostOptions {
  /** The folder of the built windows. */
  readonly windows: string;
  readonly shell: HostFile['shell'];
  readonly port?: number;
}

export interface ServedHost {
  readonly port: number;
  /** An address that opens one window; its token works once. */
  newWindowUrl(): string;
  /** Stops listening and closes the windows' sockets; the host itself is closed by whoever started it. */
  close(): Promise<void>;
}

/** The host must own its data folder: host.json names this process from now on. */
export async function serveHost(host: WindowHost, options: ServeHostOptions): Promise<ServedHost> {
  const settings = host.settings ?? (await Settings.open(host.folder));
  const server = await HostServer.start({
    host,
    settings,
    windows: options.windows,
    logger: host.logger.child('windows'),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const close = async (): Promise<void> => {
    await removeHostFile(host.folder);
    await server.close();
  };
  try {
    await writeHostFile(host.folder, {
      pid: process.pid,
      port: server.port,
      token: server.ownerToken,
      shell: options.shell,
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { port: server.port, newWindowUrl: () => server.newWindowUrl(), close };
}
