// Threads in a folder that is an export: which there are, and what each becomes (docs/documents.md, EX1 to EX4). It writes nothing.
import type { NamedPerson } from '../../../shared/model/board/people.ts';
import { canonical, readPlainThread, type PlainThread } from '../../../shared/model/thread/plain.ts';
import type * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { changeThread } from '../change-thread.ts';
import { readThreadFile, THREAD_ENDING, type ThreadFile } from '../thread-file.ts';
import { textOf, type FileSource } from './file-text.ts';
import { normalisePath } from './folder-tree.ts';
import type { TakenAsset } from './import-assets.ts';
import { textHash, type ImportSource } from './import-source.ts';
import { membersHere, type Members } from './members-here.ts';

export interface FoundThread {
  /** Of the Markdown file beside it, which people read and nobody imports. */
  readonly path: string;
  readonly file: ThreadFile;
  readonly hash: string;
}

export interface ThreadToBe {
  readonly id: string;
  readonly thread: PlainThread;
  readonly people: readonly NamedPerson[];
  /** `page` follows from what is written. */
  readonly source: Omit<ImportSource, 'page'>;
}

/** What can be read, by the path of the Markdown file beside it; the rest is reported, and that file is then a page like any other. */
export async function findThreads(
  sources: Iterable<FileSource>,
  problems: { path: string; reason: string }[],
): Promise<Map<string, FoundThread>> {
  const threads = new Map<string, FoundThread>();
  const ids = new Set<string>();
  for (const { path: given, read } of sources) {
    const normal = normalisePath(given);
    if (normal === null || normal.split('/').some((part) => part.startsWith('.'))) continue;
    const path = `${normal.slice(0, -THREAD_ENDING.length)}.md`;
    try {
      const text = await textOf(read());
      const reading = readThreadFile(text);
      if (reading.kind === 'refused') problems.push({ path: normal, reason: reading.reason });
      else if (threads.has(path) || ids.has(reading.file.id)) {
        problems.push({ path: normal, reason: 'There are two files of this discussion.' });
      } else {
        ids.add(reading.file.id);
        if (reading.dropped > 0) {
          const reason = `Parts that cannot be read were left out: ${String(reading.dropped)}.`;
          problems.push({ path: normal, reason });
        }
        threads.set(path, { path, file: reading.file, hash: textHash(text) });
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push({ path: normal, reason: error.message });
    }
  }
  return threads;
}

/**
 * @param ids new ids by those of the export.
 * @param take the file at an address, as the thread's file says it; null where there is none that can be taken.
 */
export async function threadToBe(
  { path, file, hash }: FoundThread,
  { id, workspace }: { readonly id: string; readonly workspace: string },
  ids: ReadonlyMap<string, string>,
  members: Members,
  take: (address: string) => Promise<TakenAsset | null>,
): Promise<ThreadToBe> {
  const { member, kept } = membersHere(file.people, members);
  const blobs = new Map<string, string>();
  for (const [blob, address] of file.assets) {
    const taken = await take(address);
    if (taken) blobs.set(blob, taken.blob);
  }
  const thread = changeThread(file.thread, {
    member,
    document: (one) => ids.get(one) ?? null,
    blob: (name) => blobs.get(name) ?? name,
    workspace,
  });
  return {
    id,
    thread,
    people: [...kept].map(([one, name]) => ({ id: one, name })),
    source: { path, hash, from: file.id },
  };
}

/** Of all that a thread says, but who looked at it: what tells whether somebody changed it here since. */
export function threadHash(doc: Y.Doc): string {
  const { posts, choices, files, ...thread } = readPlainThread(doc, true);
  const maps = [posts, choices, files].map((entries) => Object.fromEntries(entries));
  return textHash(canonical([{ ...thread, readers: {} }, ...maps]));
}
