// Disks that only mounting gives: a small one that can be filled, and a folder that cannot be written even by root. No test double.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why tests that mount are skipped, as a part of their titles; '' where they run. Asked once, when a test file is loaded. */
export const NO_MOUNT = canMount() ? '' : ' (skipped: a disk cannot be mounted here, that takes root)';

export interface SmallDisk {
  readonly path: string;
  /** Leaves no byte free, or this many (in whole pages). */
  fill(leaving?: number): void;
  /** Gives back what fill() took. */
  free(): void;
  /** Takes the disk away, with what still runs on it. */
  remove(): void;
}

/** A file system of its own in memory. Whoever makes it removes it. */
export function smallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'caravan-disk-'));
  mount('-t', 'tmpfs', '-o', `size=${String(megabytes)}m`, 'tmpfs', path);
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: (leaving = 0) => {
      fill(ballast);
      if (leaving > 0) truncateSync(ballast, statSync(ballast).size - leaving);
    },
    free: () => rmSync(ballast),
    remove: () => {
      execFileSync('umount', ['-l', path], { stdio: 'ignore' });
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Makes a folder read-only for everybody, also for who has it open by name, until the returned function is called, which may be called again. */
export function makeReadOnly(folder: string): () => void {
  mount('--bind', folder, folder);
  mount('-o', 'remount,ro,bind', folder);
  let bound = true;
  return () => {
    // What is read there stays open to its readers.
    if (bound) execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
    bound = false;
  };
}

function fill(file: string): void {
  const handle = openSync(file, 'a');
  try {
    for (let size = 1 << 20; size >= 1;) {
      try {
        writeSync(handle, new Uint8Array(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size >>= 1;
      }
    }
  } finally {
    closeSync(handle);
  }
}

function mount(...args: string[]): void {
  execFileSync('mount', args, { stdio: 'ignore' });
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const path = mkdtempSync(join(tmpdir(), 'caravan-disk-'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path);
    execFileSync('umount', [path], { stdio: 'ignore' });
    return true;
  } catch {
    // A container may run as root and still not be allowed to mount.
    return false;
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
