// Another person's program that writes all over a page at a steady rate: a stock client in a process of its own, so that it takes no time from whoever measures.
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const [ticket = '', rateWord = '', secondsWord = ''] = process.argv.slice(2);
const { url, room, protocols } = JSON.parse(ticket);
const rate = Number(rateWord);
const wanted = rate * Number(secondsWord);
const doc = new Y.Doc();
const provider = new WebsocketProvider(url, room, doc, {
  protocols,
  WebSocketPolyfill: /** @type {any} */ (WebSocket),
  disableBc: true,
});
await new Promise((resolve) => provider.once('sync', resolve));
const say = (/** @type {string} */ event) => process.stdout.write(`${JSON.stringify({ event })}\n`);
const lines = createInterface({ input: process.stdin });
lines.once('line', () => {
  const body = doc.getText('body');
  const began = performance.now();
  let written = 0;
  const timer = setInterval(() => {
    const due = Math.min(wanted, Math.floor(((performance.now() - began) / 1_000) * rate));
    // One update for each, all over the page, always behind a letter.
    for (; written < due; written += 1) body.insert(body.length - ((written * 97) % (body.length >> 1)), 'r', {});
    if (written < wanted) return;
    clearInterval(timer);
    body.insert(body.length, ` end ${rate}`, {});
    say('written');
  }, 1);
});
say('ready');
