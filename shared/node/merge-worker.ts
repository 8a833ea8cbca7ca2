// The thread in which large rooms are merged, as the build makes it: it says that it is there, answers each task, and knows nothing else.
import { parentPort } from 'node:worker_threads';
import { compactUpdates } from '../hub/compaction.ts';
import type { MergeTask } from '../hub/room-merger.ts';

parentPort?.on('message', ({ updates, expected, keepDeleted }: MergeTask) => {
  parentPort?.postMessage(compactUpdates(updates, expected, null, keepDeleted));
});
parentPort?.postMessage('ready');
