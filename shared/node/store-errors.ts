// Turns what LevelDB and the file system throw into AppErrors that people can act upon.
import { AppError, type ErrorCode } from '../base/app-error.ts';

/** Rule ER1 of docs/storage.md: one code for each kind of trouble; the message says what was kept and what to do. */
export function toStoreError(error: unknown, directory: string): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  return new AppError(code, messageOf(code), { cause: error, details: { directory } });
}

/** The same for a store that could not be opened: nothing runs that goes on by itself, and it matters which folder is meant. */
export function toOpeningError(error: unknown, directory: string): AppError {
  const known = toStoreError(error, directory);
  const words = OPENING[known.code];
  return words === undefined
    ? known
    : new AppError(known.code, words(directory), { cause: error, details: { ...known.details, directory } });
}

const OPENING: Readonly<Partial<Record<ErrorCode, (directory: string) => string>>> = {
  'disk-full': (directory) =>
    `The disk with ${directory} is full, and to open it takes a few megabytes. Everything stored before is kept. Free some space and start again.`,
  'read-only': (directory) =>
    `${directory} cannot be written: the disk is read-only, or this user has no right there. Everything stored is kept and nothing was changed. Make it writable and start again, or choose another folder with --data.`,
};

function codeOf(error: unknown): ErrorCode {
  const codes: string[] = [];
  const texts: string[] = [];
  // abstract-level wraps the reason in `cause`, sometimes twice.
  for (let at: unknown = error; at instanceof Error && codes.length < 5; at = at.cause) {
    codes.push('code' in at ? String(at.code) : '');
    texts.push(at.message);
  }
  const has = (...wanted: string[]): boolean => codes.some((code) => wanted.includes(code));
  const says = (pattern: RegExp): boolean => texts.some((text) => pattern.test(text));
  if (has('LEVEL_LOCKED') || says(/lock .*(already held|temporarily unavailable)/i)) return 'locked';
  if (has('ENOSPC', 'EDQUOT') || says(/no space left|quota exceeded|file too large/i)) return 'disk-full';
  if (has('EROFS', 'EACCES', 'EPERM') || says(/read-only file system|permission denied|operation not permitted/i)) {
    return 'read-only';
  }
  if (has('LEVEL_CORRUPTION') || says(/corrupt|does not exist \(create_if_missing is false\)/i)) return 'damaged';
  // LevelDB reports a missing table file as an IO error: data that should be there is not.
  if (says(/no such file or directory/i)) return 'damaged';
  if (has('LEVEL_DATABASE_NOT_OPEN', 'LEVEL_ITERATOR_NOT_OPEN', 'LEVEL_SNAPSHOT_NOT_OPEN')) return 'closed';
  return 'internal';
}

function messageOf(code: ErrorCode): string {
  switch (code) {
    case 'locked':
      return 'Another process is using this data folder. Close it, or choose another folder with --data.';
    case 'disk-full':
      return 'The disk is full. Everything stored before is kept; free some space, and writing goes on by itself.';
    case 'read-only':
      return 'The data folder cannot be written. Everything stored before is kept; give this user the right to write there.';
    case 'damaged':
      return 'The stored data fails its checks. Nothing was changed; keep a copy of the folder and restore a backup.';
    case 'closed':
      return 'The store is closed.';
    default:
      return 'The store reported an error that is not understood. Everything acknowledged before is kept; the log has the cause.';
  }
}
