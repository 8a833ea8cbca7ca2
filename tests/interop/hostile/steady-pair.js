// A thread with two honest stock clients that go on writing while somebody attacks; it tells its parent how long each word took from
// typed to shown at the other. A thread of its own, for the attacker's work must not count.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

/** Milliseconds between two words of one writer. */
const PAUSE = 50;

/** @type {{ url: string, room: string, pid: number, protocols?: string[] }} */
const { url, room, pid, protocols } = workerData;

/** Milliseconds that a thread had something to do and no processor: on a busy machine that is nobody's doing. @param {string} thread */
function waited(thread) {
  try {
    return Number(readFileSync(`/proc/${thread}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0; // Not Linux.
  }
}

const now = () => ({ at: performance.now(), program: waited(String(pid)), reader: waited('thread-self') });

class Socket extends WebSocket {
  /** @param {string | URL} address @param {string | string[]} [offered] */
  constructor(address, offered) {
    super(address, offered, { perMessageDeflate: false });
  }
}

/** Words that the other has not shown yet. @type {Map<string, ReturnType<typeof now>>} */
const typed = new Map();
/** @type {{ took: number, waited: number }[]} */
let shown = [];

/** @param {string} name */
function writer(name) {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(url, room, doc, {
    WebSocketPolyfill: /** @type {typeof globalThis.WebSocket} */ (/** @type {unknown} */ (Socket)),
    disableBc: true,
    maxBackoffTime: 200,
    ...(protocols ? { protocols } : {}),
  });
  // Nobody's cursor is counted among the attacker's.
  provider.awareness.setLocalState(null);
  // A root of their own: what stands in `body` is compared by the tests.
  const text = doc.getText('steady');
  text.observe(({ delta, transaction }) => {
    if (transaction.local) return;
    const end = now();
    for (const { insert } of delta) {
      for (const word of typeof insert === 'string' ? insert.split(' ') : []) {
        const began = typed.get(word);
        if (!began || word.startsWith(name)) continue;
        typed.delete(word);
        // Both may wait at the same time: the longer of the two is taken for certain.
        const [program, reader] = [end.program - began.program, end.reader - began.reader];
        shown.push({ took: end.at - began.at, waited: Math.max(program, reader) });
      }
    }
  });
  let words = 0;
  return {
    synced: new Promise((resolve) => provider.once('sync', resolve)),
    write() {
      words += 1;
      typed.set(`${name}${words}`, now());
      text.insert(text.length, `${name}${words} `);
    },
  };
}

const pair = [writer('ana'), writer('bo')];
const write = () => {
  for (const one of pair) one.write();
};
await Promise.all(pair.map(({ synced }) => synced));
setInterval(write, PAUSE);

const port = parentPort;
if (!port) throw new Error('this is a thread');
port.postMessage('ready');
port.on('message', (asked) => {
  if (asked === 'begin') {
    shown = [];
    return;
  }
  write();
  const waiting = [...typed.keys()];
  const looking = setInterval(() => {
    if (waiting.some((word) => typed.has(word))) return;
    clearInterval(looking);
    port.postMessage(shown);
  }, 5);
});
