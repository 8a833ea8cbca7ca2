// Another person's program that moves cards of a board at a steady rate: a stock client in a process of its own, so that it takes no time from whoever measures.
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const { url, room, protocols } = JSON.parse(process.argv[2] ?? '');
const doc = new Y.Doc();
const provider = new WebsocketProvider(url, room, doc, {
  protocols,
  WebSocketPolyfill: /** @type {any} */ (WebSocket),
  disableBc: true,
});
await new Promise((resolve) => provider.once('sync', resolve));
const say = (/** @type {object} */ event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const [first, ...others] = [...doc.getMap('columns').entries()]
  .map(([id, column]) => ({ id, order: String(/** @type {Y.Map<unknown>} */ (column).get('order')) }))
  .sort((a, b) => (a.order < b.order ? -1 : 1))
  .map(({ id }) => id);
const cards = /** @type {Y.Map<Y.Map<unknown>>} */ (doc.getMap('cards'));
/** Of the first column, so that what is moved leaves the one that is looked at. */
const mine = [...cards.entries()].filter(([, card]) => card.get('column') === first).map(([id]) => id);

/** @param {string} id @param {string} column @param {string} order */
function move(id, column, order) {
  doc.transact(() => {
    const card = cards.get(id);
    card?.set('order', order);
    card?.set('column', column);
  });
}

// A line is `{count, seconds}`: that many moves, spread over the seconds; or `{title, top}`: the card of that title to the top of the first column.
createInterface({ input: process.stdin }).on('line', (line) => {
  const asked = JSON.parse(line);
  if (asked.top) {
    const [id] = [...cards.entries()].find(([, card]) => String(card.get('title')) === asked.title) ?? [];
    if (id !== undefined && first !== undefined) move(id, first, asked.top);
    say({ event: 'moved', at: Date.now() });
    return;
  }
  const began = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const passed = (performance.now() - began) / 1_000;
    const due =
      asked.seconds === 0 ? asked.count : Math.min(asked.count, Math.floor((passed / asked.seconds) * asked.count));
    for (; done < due; done += 1)
      move(mine[(done * 7) % mine.length] ?? '', others[done % others.length] ?? '', `a${done}V`);
    if (done < asked.count) return;
    clearInterval(timer);
    say({ event: 'written' });
  }, 5);
});
say({ event: 'ready' });
