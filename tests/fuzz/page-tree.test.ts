// Three computers move, archive, trash and restore pages of one tree while apart: never a cycle, never a page less, and in the
// end the same tree on all three. The rules are those by which a host answers its calls; documents are real Yjs.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  archiveDocument,
  createDocument,
  moveDocument,
  trashDocument,
  unarchiveDocument,
  untrashDocument,
} from '../../shared/model/document/commands.ts';
import { readMeta } from '../../shared/model/document/meta.ts';
import {
  buildTree,
  placeInTree,
  subtree,
  wouldCycle,
  type Tree,
  type TreeItem,
} from '../../shared/model/document/tree.ts';
import { randomOf } from './seeded.ts';

const LONG = process.env['CARAVAN_LONG'] === '1';
const RUNS = LONG ? 400 : 25;
const STEPS = 150;

/** One computer: a document for each page that it has heard of. */
class Computer {
  readonly pages = new Map<string, Y.Doc>();

  page(id: string): Y.Doc {
    let doc = this.pages.get(id);
    if (!doc) this.pages.set(id, (doc = new Y.Doc()));
    return doc;
  }

  items(): Map<string, TreeItem> {
    const items = new Map<string, TreeItem>();
    for (const [id, doc] of this.pages) {
      const meta = readMeta(doc);
      if (meta) items.set(id, { id, parent: meta.parent, order: meta.order, archived: meta.archivedAt !== null });
    }
    return items;
  }

  tree(): Tree<TreeItem> {
    return buildTree(this.items().values());
  }

  place(id: string | undefined, parent: string | null, after: string | null | undefined): string {
    const { order, rekeyed } = placeInTree(this.tree(), parent, after, id);
    for (const one of rekeyed) moveDocument(this.page(one.id), { order: one.order });
    return order;
  }

  hear(other: Computer): void {
    for (const [id, doc] of other.pages) {
      const mine = this.page(id);
      Y.applyUpdate(mine, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(mine)));
    }
  }
}

/** From the top down: what is not reached is below a cycle or a parent that is not shown. */
function reached(tree: Tree<TreeItem>): string[] {
  const found: string[] = [];
  const waiting = [...(tree.get(null) ?? [])];
  for (let item = waiting.pop(); item; item = waiting.pop()) {
    found.push(item.id);
    waiting.push(...(tree.get(item.id) ?? []));
  }
  return found;
}

function shape(tree: Tree<TreeItem>): unknown {
  return [...tree]
    .map(([parent, list]) => [parent, list.map(({ id }) => id)])
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

function run(seed: number): void {
  const random = randomOf(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const computers = [new Computer(), new Computer(), new Computer()];
  let made = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const here = pick(computers)!;
    const items = here.items();
    const ids = [...items.keys()];
    const id = pick(ids);
    const roll = random();
    if (id === undefined || roll < 0.15) {
      const parent = pick([null, ...ids]) ?? null;
      const order = here.place(undefined, parent, pick([undefined, null, ...ids]));
      // Ids in an order that has nothing to do with when they were made.
      const fresh = `p${Math.floor(random() * 1e9).toString(36)}x${made++}`;
      createDocument(here.page(fresh), { kind: 'page', title: '', createdBy: 'm', createdAt: step, parent, order });
    } else if (roll < 0.65) {
      const parent = pick([null, ...ids]) ?? null;
      if (!wouldCycle(items, id, parent)) {
        moveDocument(here.page(id), { parent, order: here.place(id, parent, pick([undefined, null, ...ids])) });
      }
    } else if (roll < 0.8) {
      const below = subtree(here.tree(), items.get(id)!).map((one) => here.page(one.id));
      const change = pick([
        (doc: Y.Doc) => archiveDocument(doc, step),
        (doc: Y.Doc) => trashDocument(doc, { at: step, by: 'm' }),
        unarchiveDocument,
        untrashDocument,
      ])!;
      for (const doc of below) change(doc);
    } else here.hear(pick(computers)!);
    const tree = here.tree();
    expect(reached(tree).sort(), `seed ${seed}, step ${step}`).toEqual([...here.items().keys()].sort());
  }
  for (const here of computers) for (const other of computers) here.hear(other);
  for (const here of computers) for (const other of computers) here.hear(other);
  const [first, ...others] = computers.map((one) => shape(one.tree()));
  for (const other of others) expect(other, `seed ${seed}`).toEqual(first);
  expect(computers[0]!.items().size).toBe(made);
}

const TIMEOUT = 30_000 + RUNS * 200;
test(
  '[W22][DD3] moves of three computers apart never make a cycle and never lose a page, and all see one tree',
  { timeout: TIMEOUT },
  () => {
    const from = Number(process.env['CARAVAN_SEED'] ?? 1);
    for (let seed = from; seed < from + RUNS; seed += 1) run(seed);
  },
);

test('[W22][DD3] two pages moved into one another apart: the one with the smaller id stands at the top, on both', () => {
  const [ana, bo] = [new Computer(), new Computer()];
  for (const id of ['b', 'a'])
    createDocument(ana.page(id), { kind: 'page', title: id, createdBy: 'm', createdAt: 1, order: 'a0' });
  bo.hear(ana);
  moveDocument(ana.page('a'), { parent: 'b', order: 'a0' });
  moveDocument(bo.page('b'), { parent: 'a', order: 'a0' });
  ana.hear(bo);
  bo.hear(ana);
  for (const one of [ana, bo]) {
    expect(shape(one.tree())).toEqual([
      ['a', ['b']],
      [null, ['a']],
    ]);
  }
});
