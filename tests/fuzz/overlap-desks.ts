// Computers of people who edit one document together and apart, each recording its sessions as a hub does, with what it had meanwhile. Real documents, no hub.
import * as Y from 'yjs';
import { findOverlaps, type FoundOverlap } from '../../app/host/overlap/find-overlaps.ts';
import type { KnownAt } from '../../shared/hub/history/known-at.ts';
import { KnownRecorder } from '../../shared/hub/history/known-recorder.ts';
import { RoomPast, type PlacedUpdate } from '../../shared/hub/history/room-past.ts';

interface Session {
  readonly desk: number;
  readonly recorder: KnownRecorder;
  readonly updates: { readonly at: number; readonly update: Uint8Array }[];
  readonly known: KnownAt[];
  readonly clients: Set<number>;
}

export class OverlapDesk {
  readonly number: number;
  readonly device: string;
  readonly member: string;
  readonly doc = new Y.Doc();
  readonly stored: Uint8Array[];
  session: Session | null = null;
  /** Since when it is apart; 0: it is linked. */
  apart = 0;

  constructor(team: OverlapTeam, number: number, member: string, client: number, start: Uint8Array) {
    this.number = number;
    this.member = member;
    this.device = `device-${String(number)}`;
    this.doc.clientID = client;
    this.stored = [start];
    Y.applyUpdate(this.doc, start, 'network');
    let before = new Map<number, number>();
    this.doc.on('beforeTransaction', () => (before = Y.decodeStateVector(Y.encodeStateVector(this.doc))));
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'network') return;
      this.stored.push(update);
      team.record(this, update, before);
    });
  }
}

export class OverlapTeam {
  readonly desks: readonly OverlapDesk[];
  readonly #start: Uint8Array;
  readonly sessions: Session[] = [];
  now = 1_000_000;

  /** @param members who sits at each computer. */
  constructor(start: Uint8Array, members: readonly string[]) {
    this.desks = members.map((member, at) => new OverlapDesk(this, at, member, 1_000 + at * 100, start));
    this.#start = start;
  }

  record(desk: OverlapDesk, update: Uint8Array, clocks: ReadonlyMap<number, number>): void {
    this.now += 3_000;
    let { session } = desk;
    if (!session) {
      session = { desk: desk.number, recorder: new KnownRecorder(), updates: [], known: [], clients: new Set() };
      desk.session = session;
      this.sessions.push(session);
    }
    const known = session.recorder.at(session.updates.length, this.now, clocks, desk.apart);
    if (known) session.known.push(known);
    session.clients.add(desk.doc.clientID);
    session.updates.push({ at: this.now, update });
  }

  /** An edit; who is linked has it at once. */
  edit(at: number, change: (doc: Y.Doc) => void): void {
    const desk = this.desks[at]!;
    desk.doc.transact(() => change(desk.doc), 'edit');
    this.exchange();
  }

  leave(at: number): void {
    const desk = this.desks[at]!;
    if (desk.apart === 0) desk.apart = this.now;
  }

  comeBack(at: number): void {
    const desk = this.desks[at]!;
    if (desk.apart === 0) return;
    desk.apart = 0;
    desk.session = null;
    this.exchange();
  }

  /** The window is opened anew: another client of Yjs, another session. */
  reopen(at: number): void {
    const desk = this.desks[at]!;
    desk.session = null;
    desk.doc.clientID += 1;
  }

  exchange(): void {
    const linked = this.desks.filter(({ apart }) => apart === 0);
    for (const target of linked) {
      const known = new Set(target.stored);
      for (const source of linked) {
        for (const update of source === target ? [] : source.stored) {
          if (known.has(update)) continue;
          known.add(update);
          target.stored.push(update);
          Y.applyUpdate(target.doc, update, 'network');
        }
      }
    }
  }

  /** What a computer finds that all sessions have reached. @param collected its store was merged. */
  async found(at = 0, collected = false): Promise<readonly FoundOverlap[]> {
    const { desks } = this;
    const sessions = [...this.sessions].sort((a, b) => a.updates[0]!.at - b.updates[0]!.at);
    const updates = sessions
      .flatMap((session, segment) => session.updates.map((one, index): PlacedUpdate => ({ ...one, segment, index })))
      .sort((a, b) => a.at - b.at);
    const doc = new Y.Doc({ gc: collected });
    for (const update of desks[at]!.stored) Y.applyUpdate(doc, update);
    const past = await RoomPast.build({
      updates: async function* () {
        yield* updates;
      },
      current: Y.encodeStateAsUpdate(doc),
      // Before anything is collected what was there before the recording is kept (SG14).
      bases: collected ? [{ since: 1, update: this.#start }] : [],
    });
    try {
      const known = sessions.map(({ desk, clients, known }) => ({
        clients: [...clients],
        known: () => known,
        author: { device: desks[desk]!.device, member: desks[desk]!.member },
      }));
      return await findOverlaps('workspace/space/document', past, known, () => Promise.resolve());
    } finally {
      past.dispose();
      doc.destroy();
    }
  }

  dispose(): void {
    for (const { doc } of this.desks) doc.destroy();
  }
}
