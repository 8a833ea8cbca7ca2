// Hosts in temporary folders for tests; everything that was started is closed and removed by the returned function.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { startHost, type Host, type HostOptions } from '../../app/host/host.ts';

/** Starts hosts and folders, and takes all of them away again. */
export class HostBench {
  readonly #hosts = new Set<Host>();
  readonly #folders: string[] = [];

  async folder(): Promise<string> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'caravan-host-'));
    this.#folders.push(folder);
    return folder;
  }

  async start(dataFolder: string, options: Partial<HostOptions> = {}): Promise<Host> {
    const host = await startHost({ dataFolder, version: '0.0.0-test', ...options });
    this.#hosts.add(host);
    return host;
  }

  async stop(host: Host): Promise<void> {
    this.#hosts.delete(host);
    await host.close();
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#hosts].map((host) => this.stop(host)));
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** Waits until `holds` is true, and gives up loudly. */
export function until(what: string, holds: () => boolean | Promise<boolean>, patience = 15_000): Promise<void> {
  const check = async (): Promise<void> => {
    if (!(await holds())) throw new Error(`It did not come about within ${patience} ms: ${what}`);
  };
  return vi.waitFor(check, { timeout: patience, interval: 5 });
}

/** The status and report of a job once it has ended. */
export async function endedJob(host: Host, job: string) {
  for (;;) {
    const { status, report } = await host.call('job.get', { job });
    if (status.state !== 'running') return { status, report };
    await new Promise<void>((resolve) => {
      const hearing = host.onAnnouncement((announcement) => {
        if (announcement.event !== 'job') return;
        hearing.dispose();
        resolve();
      });
    });
  }
}
