// What several boards say of cards that went from one to another, and what has to be written so that each is in one place (docs/documents.md, GO3): goings that were cut off are ended, and of two at the same time one holds. Deciding is pure; who may write where is not known here.
import type * as Y from 'yjs';
import { cardsOf } from '../document/roots.ts';
import { markBoard } from './parcel.ts';
import {
  BEAT,
  isLater,
  leftBy,
  mapsOfCards,
  MADE_HERE,
  readBeaten,
  readLeavings,
  WENT,
  type Arrival,
  type Leaving,
  type Level,
} from './whereabouts.ts';

/** One map of a card, as its board says. */
export interface GoneMap {
  readonly card: string;
  readonly key: string;
  readonly came: Arrival | null;
  readonly leavings: readonly Leaving[];
  /** Goings that it beat, by id. */
  readonly beat: ReadonlySet<string>;
}

/** The maps of cards that have gone or come. */
export function readGoings(doc: Y.Doc): readonly GoneMap[] {
  const found: GoneMap[] = [];
  for (const maps of mapsOfCards(cardsOf(doc)).values()) {
    for (const { card, key, stored, came } of maps) {
      const leavings = readLeavings(stored);
      if (!came && leavings.length === 0) continue;
      found.push({ card, key, came, leavings, beat: new Set(readBeaten(stored).map(({ id }) => id)) });
    }
  }
  return found;
}

/** To be written in one map of one board. */
export interface Settling {
  readonly board: string;
  readonly key: string;
  readonly write: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Boards in which whoever writes it must be able to write: of all whose words it rests on. */
  readonly boards: readonly string[];
}

interface Node extends GoneMap {
  readonly board: string;
  parent: Node | null;
  /** By which one goes on from the parent. */
  via: Leaving | null;
}

/** Nothing where everything is settled, as far as these boards tell. Both boards of a going must say so: who may write in one of them alone takes nothing out of the other. */
export function settleGoings(boards: ReadonlyMap<string, readonly GoneMap[]>): readonly Settling[] {
  const found: Settling[] = [];
  for (const nodes of joined(boards).values()) {
    for (const node of nodes) {
      const { via, parent } = node;
      if (!via || !parent || via.sure) continue;
      found.push(settling(parent, WENT + via.id, { ...written(via), sure: true }, [parent.board, node.board]));
    }
    for (const tree of treesOf(nodes)) found.push(...settleTree(tree));
  }
  return found;
}

/** The maps of each card, joined by goings of which both boards tell. */
function joined(boards: ReadonlyMap<string, readonly GoneMap[]>): ReadonlyMap<string, readonly Node[]> {
  const cards = new Map<string, Node[]>();
  for (const [board, maps] of boards) {
    for (const map of maps) {
      const nodes = cards.get(map.card) ?? [];
      nodes.push({ ...map, board, parent: null, via: null });
      cards.set(map.card, nodes);
    }
  }
  for (const nodes of cards.values()) {
    const arrivals = new Map(nodes.flatMap((node) => (node.came ? [[node.came.id, node] as const] : [])));
    for (const node of nodes) {
      for (const one of node.leavings) {
        const there = arrivals.get(one.id);
        if (one.over || !there || there.board !== one.to || there.came?.from !== node.board) continue;
        // Levels grow along the way, so that there are no circles.
        if (!isLater(there.came, node.came ?? MADE_HERE)) continue;
        there.parent = node;
        there.via = one;
      }
    }
  }
  return cards;
}

/** Null: it never went, or later to where nobody here can look, or that has not arrived: who knows of it decides. */
function lastOf(tree: readonly Node[]): (Node & { readonly came: Arrival }) | null {
  const last = tree.reduce((a, b) => (isLater(levelOf(b), levelOf(a)) ? b : a));
  const isKnown = !tree.some(({ leavings }) => leavings.some((one) => one.sure && isLater(one, levelOf(last))));
  return last.came && isKnown ? (last as Node & { readonly came: Arrival }) : null;
}

/** Maps that are joined by goings of which both boards tell. */
function treesOf(nodes: readonly Node[]): Iterable<readonly Node[]> {
  const trees = new Map<Node, Node[]>();
  for (const node of nodes) {
    let root = node;
    for (let above = node.parent; above; above = above.parent) root = above;
    const tree = trees.get(root);
    if (tree) tree.push(node);
    else trees.set(root, [node]);
  }
  return trees.values();
}

function settleTree(tree: readonly Node[]): readonly Settling[] {
  const last = lastOf(tree);
  if (!last) return [];
  const found: Settling[] = [];
  const onWay = new Map<Node, Leaving | null>([[last, null]]);
  for (let node: Node = last; node.parent; node = node.parent) onWay.set(node.parent, node.via);
  const ids = new Set([...onWay.keys()].flatMap(({ came }) => came?.id ?? []));
  // Told once, to who held then: who went on later knew of both.
  const told = new Set([...onWay.keys()].flatMap(({ beat }) => [...beat]));
  const { id, n, by, at } = last.came;
  for (const node of tree) {
    if (node === last) continue;
    const via = onWay.get(node);
    const left = leftBy(
      levelOf(node),
      node.leavings.map((one) => (one === via ? { ...one, sure: true } : one)),
    );
    const isSettled = left !== null && ids.has(left.id) && (left === via || left.id === via?.id || left.over);
    const seen = via?.seen ?? node.came?.seen ?? [];
    const boards = [node.board, last.board];
    if (!isSettled) {
      const over = { n, by, at, to: last.board, seen, sure: true, over: true, ...(via ? { heard: true } : {}) };
      found.push(settling(node, WENT + id, over, boards));
    }
    const isTold = via !== undefined || (left?.over === true && left.heard);
    if (!isTold && node.came && isLeaf(node, tree) && !told.has(node.came.id)) {
      const { by, at } = node.came;
      found.push(settling(last, BEAT + node.came.id, { by, at, to: node.board }, boards));
    }
  }
  return found;
}

/** Where each card is that has gone, and the boards by which it went there. */
export interface WayOfCard {
  readonly board: string;
  /** Its own one as well. */
  readonly by: ReadonlySet<string>;
}

/** Of cards of whose last going both boards tell. */
export function waysOf(boards: ReadonlyMap<string, readonly GoneMap[]>): ReadonlyMap<string, WayOfCard> {
  const ways = new Map<string, WayOfCard>();
  for (const [card, nodes] of joined(boards)) {
    for (const tree of treesOf(nodes)) {
      const last = lastOf(tree);
      if (!last) continue;
      const by = new Set<string>();
      for (let node: Node | null = last; node; node = node.parent) by.add(node.board);
      ways.set(card, { board: last.board, by });
    }
  }
  return ways;
}

function isLeaf(node: Node, tree: readonly Node[]): boolean {
  return !tree.some(({ parent }) => parent === node);
}

function levelOf({ came }: Node): Level {
  return came ?? MADE_HERE;
}

function written({ n, by, at, to, seen, over, heard }: Leaving): Record<string, unknown> {
  return { n, by, at, to, seen, ...(over ? { over } : {}), ...(heard ? { heard } : {}) };
}

function settling(
  { board, key }: Node,
  write: string,
  value: Record<string, unknown>,
  boards: readonly string[],
): Settling {
  return { board, key, write, value, boards };
}

/** Writes what settleGoings() said of this board. */
export function writeSettlings(doc: Y.Doc, settlings: readonly Settling[], origin: unknown = null): void {
  doc.transact(() => {
    const written: string[] = [];
    for (const { key, write, value } of settlings) {
      const card = cardsOf(doc).get(key) as Y.Map<unknown> | undefined;
      if (!card || JSON.stringify(card.get(write)) === JSON.stringify(value)) continue;
      card.set(write, value);
      written.push(write.slice(write.indexOf('/') + 1));
    }
    markBoard(doc, written);
  }, origin);
}
