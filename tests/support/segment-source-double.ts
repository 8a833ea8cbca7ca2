// An in-memory SegmentSource for tests of the link alone; a segment's bytes are its room, a newline and anything. Faults by command.
import { createHash } from 'node:crypto';
import { Emitter } from '../../shared/base/emitter.ts';
import { fromUtf8, utf8 } from '../../shared/base/encoding.ts';
import type { SpaceHead } from '../../shared/link/room-source.ts';
import type { AddSegmentOutcome, SegmentNews, SegmentRef, SegmentSource } from '../../shared/link/segment-source.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';

interface Kept extends SegmentRef {
  readonly space: string;
  readonly bytes: Uint8Array;
}

export class SegmentSourceDouble implements SegmentSource {
  readonly #workspace: string;
  #kept = new Map<string, Kept>();
  readonly #heads = new Map<string, number>();
  readonly #news = new Emitter<SegmentNews>();
  readonly onSegment = this.#news.event;
  /** Older ones are not wanted. */
  keepFrom = 0;
  /** addSegment rejects with it. */
  failing: Error | null = null;
  /** How many times each was handed over. */
  readonly read = new Map<string, number>();
  /** How many times addSegment was called. */
  added = 0;

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** As when an editing session ends here; the answer is the hash. */
  record(room: string, content: string | Uint8Array, endedAt = 1): string {
    const head = utf8(`${room}\n`);
    const body = typeof content === 'string' ? utf8(content) : content;
    const bytes = new Uint8Array(head.length + body.length);
    bytes.set(head);
    bytes.set(body, head.length);
    const hash = createHash('sha256').update(bytes).digest('hex');
    this.#keep(room, hash, bytes, endedAt);
    return hash;
  }

  /** As retention does. */
  remove(hash: string): void {
    this.#kept.delete(hash);
  }

  /** Hands these bytes over in place of the right ones. */
  falsify(hash: string, bytes: Uint8Array): void {
    const kept = this.#kept.get(hash);
    if (kept) this.#kept.set(hash, { ...kept, bytes });
  }

  /** Offers it as one of another room. */
  misplace(hash: string, room: string): void {
    const kept = this.#kept.get(hash);
    const number = (this.#heads.get('space') ?? 0) + 1;
    this.#heads.set('space', number);
    if (kept) this.#kept.set(hash, { ...kept, room, space: parseRoomName(room)?.space ?? '', number });
  }

  /** As when a backup is restored over it. */
  snapshot(): () => void {
    const [kept, heads] = [new Map(this.#kept), new Map(this.#heads)];
    return () => {
      this.#kept = new Map(kept);
      this.#heads.clear();
      for (const [space, number] of heads) this.#heads.set(space, number);
    };
  }

  hashes(): string[] {
    return [...this.#kept.keys()].sort();
  }

  segmentsAfter(_workspace: string, space: string, after: number, limit: number): Promise<readonly SegmentRef[]> {
    const refs = [...this.#kept.values()]
      .filter((kept) => kept.space === space && kept.number > after)
      .sort((a, b) => a.number - b.number)
      .slice(0, limit);
    return Promise.resolve(refs);
  }

  segmentHeads(): Promise<readonly SpaceHead[]> {
    return Promise.resolve([...this.#heads].map(([space, number]) => ({ workspace: this.#workspace, space, number })));
  }

  hasSegment(_workspace: string, hash: string): Promise<boolean> {
    return Promise.resolve(this.#kept.has(hash));
  }

  wantsSegment({ hash, endedAt }: Pick<SegmentRef, 'hash' | 'endedAt'>): Promise<boolean> {
    return Promise.resolve(!this.#kept.has(hash) && endedAt >= this.keepFrom);
  }

  readSegment(_workspace: string, hash: string): Promise<Uint8Array | null> {
    this.read.set(hash, (this.read.get(hash) ?? 0) + 1);
    return Promise.resolve(this.#kept.get(hash)?.bytes ?? null);
  }

  async addSegment(_workspace: string, hash: string, bytes: Uint8Array, room: string): Promise<AddSegmentOutcome> {
    await new Promise((resolve) => setImmediate(resolve));
    this.added += 1;
    if (this.failing) throw this.failing;
    if (this.#kept.has(hash)) return { kind: 'known' };
    if (createHash('sha256').update(bytes).digest('hex') !== hash) return { kind: 'refused', reason: 'another hash' };
    if (fromUtf8(bytes.subarray(0, utf8(room).length)) !== room) return { kind: 'refused', reason: 'another room' };
    this.#keep(room, hash, new Uint8Array(bytes), 1);
    return { kind: 'stored' };
  }

  #keep(room: string, hash: string, bytes: Uint8Array, endedAt: number): void {
    const space = parseRoomName(room)?.space ?? '';
    const number = (this.#heads.get(space) ?? 0) + 1;
    this.#heads.set(space, number);
    this.#kept.set(hash, { hash, room, number, size: bytes.length, endedAt, space, bytes });
    this.#news.fire({ workspace: this.#workspace, space, number });
  }
}
