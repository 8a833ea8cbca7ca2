// Gets hold of a host for a data folder: the one that runs, or one in this process. Two starts at once meet in one of them.
import { AppError } from '../../shared/base/app-error.ts';
import { systemClock } from '../../shared/base/clock.ts';
import type { DataFolder } from './data-folder.ts';
import { startHost, type HostOptions } from './host.ts';
import { startOrRecover } from './recovering-host.ts';
import { findRunningHost, type RunningHost } from './running-host.ts';
import type { WindowHost } from './window-host.ts';

/** A short command of the same folder may own it for a moment, and a host that starts says where it is a moment later. */
const PATIENCE = 10_000;
const BETWEEN = 100;

export type Reached =
  | { readonly kind: 'running'; readonly host: RunningHost }
  /** In this process; the caller closes it. */
  | { readonly kind: 'own'; readonly host: WindowHost };

export interface ReachOptions extends HostOptions {
  /** Whether a damaged store gives a host in recovery, for a window to show, instead of an error. Default: false. */
  readonly recovery?: boolean;
}

/** Throws `locked` when another process keeps the folder and answers no calls. */
export async function reachHost(folder: DataFolder, options: ReachOptions, stop?: AbortSignal): Promise<Reached> {
  const clock = options.clock ?? systemClock;
  const end = clock.now() + PATIENCE;
  for (;;) {
    const running = await findRunningHost(folder);
    if (running) return { kind: 'running', host: running };
    try {
      return { kind: 'own', host: await (options.recovery ? startOrRecover : startHost)(options) };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'locked') throw error;
      if (clock.now() >= end || stop?.aborted) {
        throw new AppError(
          'locked',
          `Another program is using ${folder.root} and does not answer. Nothing was changed. Wait until it ends, or end it, then try again.`,
          { cause: error },
        );
      }
      // The system tells nobody that a lock was let go of, and a short command leaves no other trace: so it is tried again.
      await new Promise<void>((resolve) => clock.after(BETWEEN, resolve));
    }
  }
}
