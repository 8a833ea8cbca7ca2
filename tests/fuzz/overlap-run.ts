// One random run of people who edit a page and a board together and apart, beside an oracle that knows who had what: each change of one thing by two, apart, must be found once, with the very words, and nothing else.
import * as Y from 'yjs';
import { addCard, moveCard, renameCard } from '../../shared/model/board/card-commands.ts';
import { setCardDue } from '../../shared/model/board/card-details.ts';
import { addColumn } from '../../shared/model/board/column-commands.ts';
import { readSettled, settleOverlap } from '../../shared/model/overlap/settle.ts';
import {
  findBlock,
  sameOverlapValue,
  valueAt,
  type OverlapPlace,
  type OverlapValue,
} from '../../shared/model/overlap/place.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { bodyOf, cardsOf } from '../../shared/model/document/roots.ts';
import { contentUnits } from '../../shared/model/page/restore-block.ts';
import { OverlapTeam } from './overlap-desks.ts';
import { randomOf, seedIds } from './seeded.ts';
import type { FoundOverlap } from '../../app/host/overlap/find-overlaps.ts';

export interface OverlapResult {
  readonly edits: number;
  readonly overlaps: number;
}

interface Done {
  readonly number: number;
  readonly desk: number;
  readonly place: string;
  readonly apart: boolean;
  readonly knew: ReadonlySet<number>;
  readonly value: OverlapValue | null;
}

const BLOCKS = ['blockaaaaaaaaaaaaaaaaaa', 'blockbbbbbbbbbbbbbbbbbb', 'blockcccccccccccccccccc'] as const;
const COLUMNS = ['columnaaaaaaaaaaaaaaaaa', 'columnbbbbbbbbbbbbbbbbb', 'columnccccccccccccccccc'] as const;
const CARDS = ['cardaaaaaaaaaaaaaaaaaaa', 'cardbbbbbbbbbbbbbbbbbbb'] as const;
const ids = (list: readonly string[]): string[] => list.map((id) => id.slice(0, 22));

class Run {
  readonly #random: () => number;
  readonly #team: OverlapTeam;
  #signs = 0;
  readonly #done: Done[] = [];
  /** What each computer knows of what was done. */
  readonly #knows: Set<number>[];
  readonly #log: string[] = [];
  readonly #seed: number;
  readonly #blocks = ids(BLOCKS);
  readonly #columns = ids(COLUMNS);
  readonly #cards = ids(CARDS);

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomOf(seed);
    const start = new Y.Doc();
    start.clientID = 1;
    appendBlocks(
      bodyOf(start),
      this.#blocks.map((id) => ({
        ...{ id, type: 'text' as const, kind: 'paragraph' as const },
        content: [{ type: 'text' as const, text: `Words of ${id.slice(5, 6)} here`, marks: {} }],
      })),
    );
    for (const id of this.#columns) addColumn(start, { id, name: id.slice(6, 7) });
    for (const id of this.#cards) {
      addCard(start, {
        id,
        title: 'A card',
        column: this.#columns[0]!,
        createdBy: 'anaanaanaanaanaanaanaa',
        createdAt: 1,
      });
    }
    const members = ['anaanaanaanaanaanaanaa', 'bobobobobobobobobobobo', 'caocaocaocaocaocaocaoc'];
    this.#team = new OverlapTeam(Y.encodeStateAsUpdate(start), members.slice(0, 2 + this.#below(2)));
    this.#knows = this.#team.desks.map(() => new Set());
  }

  async run(steps: number): Promise<OverlapResult> {
    try {
      for (let step = 0; step < steps; step += 1) this.#step();
      for (const { number } of this.#team.desks) this.#back(number);
      return await this.#judge();
    } catch (error) {
      const log = this.#log.slice(-40).join('\n');
      throw new Error(`seed ${String(this.#seed)}: ${error instanceof Error ? error.message : String(error)}\n${log}`, {
        cause: error,
      });
    } finally {
      this.#team.dispose();
    }
  }

  #step(): void {
    const { desks } = this.#team;
    const desk = desks[this.#below(desks.length)]!;
    const choice = this.#random();
    if (choice < 0.08) {
      if (desk.apart === 0) this.#team.leave(desk.number);
      else this.#back(desk.number);
      this.#log.push(`${desk.device} ${desk.apart === 0 ? 'is linked' : 'is apart'}`);
      return;
    }
    if (choice < 0.12) {
      this.#team.reopen(desk.number);
      return;
    }
    const doing = { by: desk.member, at: this.#team.now };
    const kind = this.#below(7);
    const block = this.#blocks[this.#below(3)]!;
    const card = this.#cards[this.#below(2)]!;
    if (kind < 3) this.#edit(desk.number, { at: 'words', block }, (doc) => this.#rewrite(doc, block));
    else if (kind === 3) {
      const part = this.#random() < 0.5 ? 'kind' : 'checked';
      this.#edit(desk.number, { at: 'block', block, part }, (doc) => {
        const marker = findBlock(doc, block)?.fragments[0]?.marker;
        if (part === 'kind') marker?.set('kind', this.#one(['quote', 'check', 'bullet', 'callout']));
        else marker?.set('checked', this.#random() < 0.5);
      });
    } else if (kind === 4) {
      this.#edit(desk.number, { at: 'card', card, key: 'title', inner: null }, (doc) =>
        // A sign that never was there: a name that is made by deleting alone is no change that this counts.
        renameCard(doc, card, `Card ${String(this.#done.length)}${this.#fresh()} of ${desk.device}`),
      );
    } else if (kind === 5) {
      this.#edit(desk.number, { at: 'card', card, key: 'due', inner: null }, (doc) =>
        setCardDue(doc, card, `2026-0${String(1 + this.#below(9))}-11`),
      );
    } else {
      const here = cardsOf(desk.doc).get(card) as Y.Map<unknown>;
      const others = this.#columns.filter((column) => column !== here.get('column'));
      this.#edit(desk.number, { at: 'card', card, key: 'column', inner: null }, (doc) =>
        moveCard(doc, card, { column: this.#one(others) }, doing),
      );
    }
  }

  #fresh(): string {
    this.#signs += 1;
    return String.fromCodePoint(0x4e00 + this.#signs);
  }

  /** A word is replaced, or one comes in. */
  #rewrite(doc: Y.Doc, block: string): void {
    const body = bodyOf(doc);
    const view = findBlock(doc, block)!;
    const units = contentUnits(body, view.fragments);
    const at = units[this.#below(units.length)]!.index;
    if (this.#random() < 0.5) body.delete(at, Math.min(3, units.at(-1)!.index - at + 1));
    body.insert(at, ` w${String(this.#done.length)} `);
  }

  #edit(at: number, place: OverlapPlace, change: (doc: Y.Doc) => void): void {
    const desk = this.#team.desks[at]!;
    const apart = desk.apart > 0;
    const before = Y.encodeStateVector(desk.doc);
    this.#team.edit(at, change);
    if (Y.encodeStateVector(desk.doc).join() === before.join()) return;
    const number = this.#done.length;
    const value = valueAt(desk.doc, place);
    this.#done.push({ number, desk: at, place: JSON.stringify(place), apart, knew: new Set(this.#knows[at]), value });
    this.#knows[at]!.add(number);
    this.#log.push(`${String(number)}: ${desk.device} ${JSON.stringify(place)}`);
    this.#share();
  }

  #back(at: number): void {
    this.#team.comeBack(at);
    this.#share();
  }

  #share(): void {
    const linked = this.#team.desks.filter(({ apart }) => apart === 0);
    const all = new Set(linked.flatMap(({ number }) => [...this.#knows[number]!]));
    for (const { number } of linked) this.#knows[number] = new Set(all);
  }

  /** By place and pair of computers, groups of what was done apart: with the value that each had last. */
  #expected(): string[] {
    const found: string[] = [];
    const places = new Map<string, Done[]>();
    for (const one of this.#done) places.set(one.place, [...(places.get(one.place) ?? []), one]);
    for (const [place, done] of places) {
      for (const a of this.#team.desks) {
        for (const b of this.#team.desks.slice(a.number + 1)) {
          const groups: Set<Done>[] = [];
          for (const one of done.filter(({ desk }) => desk === a.number)) {
            for (const two of done.filter(({ desk }) => desk === b.number)) {
              if (one.knew.has(two.number) || two.knew.has(one.number) || !(one.apart || two.apart)) continue;
              const touching = groups.filter((group) => group.has(one) || group.has(two));
              const joined = new Set([one, two, ...touching.flatMap((group) => [...group])]);
              for (const group of touching) groups.splice(groups.indexOf(group), 1);
              groups.push(joined);
            }
          }
          for (const group of groups) {
            const last = [a, b].map(
              ({ number }) => [...group].filter(({ desk }) => desk === number).sort((x, y) => y.number - x.number)[0]!,
            );
            if (sameOverlapValue(last[0]!.value, last[1]!.value)) continue;
            found.push(JSON.stringify([place, a.device, last[0]!.value, b.device, last[1]!.value]));
          }
        }
      }
    }
    return found.sort();
  }

  async #judge(): Promise<OverlapResult> {
    const found = await this.#team.found(0);
    const said = found
      .map(({ place, sides: [a, b] }) => JSON.stringify([JSON.stringify(place), a.device, a.value, b.device, b.value]))
      .sort();
    const expected = this.#expected();
    const missing = expected.filter((one) => !said.includes(one));
    const more = said.filter((one) => !expected.includes(one));
    if (missing.length + more.length > 0)
      throw new Error(`missing:\n${missing.join('\n')}\nand more than there are:\n${more.join('\n')}`);
    if (new Set(found.map(({ id }) => id)).size !== found.length) throw new Error('one id twice');
    for (const { number } of this.#team.desks) {
      const same = JSON.stringify(await this.#team.found(number, number % 2 === 1));
      if (same !== JSON.stringify(found)) throw new Error(`computer ${String(number)} finds something else`);
    }
    this.#settle(found);
    return { edits: this.#done.length, overlaps: found.length };
  }

  /** Each of two settles something, apart; together again they are equal, and what was chosen alone stands. */
  #settle(found: readonly FoundOverlap[]): void {
    const [one, two] = this.#team.desks;
    for (const { number } of this.#team.desks) this.#team.leave(number);
    const chosen: { readonly place: OverlapPlace; readonly value: OverlapValue | null }[] = [];
    for (const [at, { id, place, sides }] of found.entries()) {
      const first = found.findIndex((other) => JSON.stringify(other.place) === JSON.stringify(place)) === at;
      if (!first || this.#random() < 0.3) continue;
      const desk = this.#random() < 0.5 ? one! : two!;
      const value = sides[this.#below(2)]!.value;
      const doing = { by: desk.member, at: this.#team.now };
      settleOverlap(desk.doc, { id, place, choice: 'take', value, doing }, 'edit');
      if (!sameOverlapValue(valueAt(desk.doc, place), value)) throw new Error(`${id} does not stand as it was chosen`);
      if (readSettled(desk.doc).get(id)?.[0]?.by !== desk.member) throw new Error(`${id} is not settled`);
      chosen.push({ place, value });
    }
    for (const { number } of this.#team.desks) this.#back(number);
    for (const { place, value } of chosen) {
      for (const { doc } of this.#team.desks) {
        if (!sameOverlapValue(valueAt(doc, place), value))
          throw new Error(`${JSON.stringify(place)} did not stay as it was chosen`);
      }
    }
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

/** Runs one seed; throws with the seed and the last steps. */
export async function runOverlaps(seed: number, steps: number): Promise<OverlapResult> {
  const restore = seedIds(seed + 5e6);
  try {
    return await new Run(seed).run(steps);
  } finally {
    restore();
  }
}
