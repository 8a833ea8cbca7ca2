// Replicas of one document that hear of one another when their mail is delivered, and what is said of a run that broke a rule.
import * as Y from 'yjs';

export interface Mailbox {
  readonly doc: Y.Doc;
  /** Updates of the others, in the order in which each wrote them. */
  readonly inbox: Uint8Array[];
}

export function replicaOf(start: Y.Doc, client: number): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = client;
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(start));
  return doc;
}

/** What this one writes comes to all others; `all` may grow later. */
export function post(own: Mailbox, all: readonly Mailbox[]): void {
  own.doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === 'network') return;
    for (const other of all) if (other !== own) other.inbox.push(update);
  });
}

export function deliver({ doc, inbox }: Mailbox, most: number): void {
  for (const update of inbox.splice(0, most)) Y.applyUpdate(doc, update, 'network');
}

export function deliverAll(all: readonly Mailbox[]): void {
  while (all.some(({ inbox }) => inbox.length > 0)) for (const one of all) deliver(one, 1e6);
}

/** With the seed and the last steps, so that the run can be repeated and read. */
export function broken(seed: number, log: readonly string[], cause: unknown): Error {
  return new Error(`seed ${String(seed)}: ${String(cause)}\n${log.slice(-16).join('\n')}`, { cause });
}
