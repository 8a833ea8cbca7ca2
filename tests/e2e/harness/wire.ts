// Two Yjs documents and their presence, joined in memory, with a connection that can be taken away and given back.
import type { Awareness } from 'y-protocols/awareness';
import { applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';

export interface End {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
}

const WIRE = Symbol('wire');

/** Joins two ends; `setOnline(false)` holds everything back, `setOnline(true)` brings both ends together again. */
export class Wire {
  readonly #ends: readonly [End, End];
  #online = true;

  constructor(ends: readonly [End, End]) {
    this.#ends = ends;
    for (const [from, to] of [ends, [ends[1], ends[0]] as const]) {
      from.doc.on('update', (update: Uint8Array, origin: unknown) => {
        if (this.#online && origin !== WIRE) Y.applyUpdate(to.doc, update, WIRE);
      });
      from.awareness.on(
        'update',
        (changes: { added: number[]; updated: number[]; removed: number[] }, origin: unknown) => {
          if (!this.#online || origin === WIRE) return;
          const clients = [...changes.added, ...changes.updated, ...changes.removed];
          applyAwarenessUpdate(to.awareness, encodeAwarenessUpdate(from.awareness, clients), WIRE);
        },
      );
    }
  }

  setOnline(online: boolean): void {
    this.#online = online;
    if (!online) return;
    const [a, b] = this.#ends;
    const forA = Y.encodeStateAsUpdate(b.doc, Y.encodeStateVector(a.doc));
    const forB = Y.encodeStateAsUpdate(a.doc, Y.encodeStateVector(b.doc));
    Y.applyUpdate(a.doc, forA, WIRE);
    Y.applyUpdate(b.doc, forB, WIRE);
  }
}
