// The thread of the search index, as the build makes it: a file by itself, since a packed program's threads are given their source.
import { parentPort } from 'node:worker_threads';
import { serveIndex } from './serve-index.ts';

if (parentPort) serveIndex(parentPort);
