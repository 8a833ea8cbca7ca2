// Long pages in groups, for the browser alone: it lays out and paints those in sight. The text's own elements stay one flat list, and no group is stored.
import { Plugin, type EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { foldingKey } from './folding.ts';

/** From so many blocks on a page stands in groups. Shorter ones are quick without. */
const LEAST = 2_000;
/** Blocks of a group. */
const SIZE = 64;
/** Blocks that come and go at once up to which only the groups around them are looked at. */
const FEW = 64;
/** Groups before and behind the caret's that are laid out: more than a page of the window, by which keys move the caret. */
const AROUND = 2;
/** For groups that were never laid out: the height of a line, how much goes into one, and what is between two blocks. */
const LINE = { height: 24, letters: 90, gap: 8 };

/** Of the groups, in a tree that the page's own styles do not reach. Flags, bars and triangles stand out of the text by less than the clip's margin. */
const STYLE = `
.group {
  display: block;
  contain: layout style;
  content-visibility: auto;
  overflow-clip-margin: 96px;
}
.group.near,
:host-context([data-pages='whole']) .group {
  content-visibility: visible;
}
@media screen {
  .group[hidden] {
    display: none;
  }
}
@media print {
  .group {
    margin: 0 !important;
    contain: none;
    content-visibility: visible;
  }
}
`;

interface Group {
  readonly element: HTMLElement;
  readonly slot: HTMLSlotElement;
  nodes: readonly Slottable[];
  /** What its element says, so that only what becomes different is written: null before the first time. */
  margin: number | null;
}

type Slottable = Element | Text;

/** Whether the browser is one in which writing in groups was tried: Chromium, which Electron is. */
function isSupported(): boolean {
  return 'userAgentData' in navigator && CSS.supports('content-visibility', 'auto');
}

/** Groups the blocks of a page once it is long; after that it stays grouped as long as it is on the screen. */
export function screenGroups(): Plugin {
  let groups: ScreenGroups | null = null;
  return new Plugin({
    props: {
      handleDOMEvents: {
        keydown(view, { key, ctrlKey, metaKey }) {
          // The browser moves the caret there by itself.
          const { firstChild, lastChild } = view.dom;
          const isFar = ctrlKey || metaKey;
          if (isFar && /^(Home|End|ArrowUp|ArrowDown)$/.test(key)) {
            groups?.reach([...endsOf(view), /^(Home|ArrowUp)$/.test(key) ? firstChild : lastChild]);
          }
          return false;
        },
      },
    },
    view(view) {
      const look = ({ state }: EditorView): void => {
        if (!groups && state.doc.childCount >= LEAST && isSupported()) groups = new ScreenGroups(view.dom);
        groups?.reach(endsOf(view));
      };
      look(view);
      return {
        update(now, before) {
          groups?.update(hiddenOf(before) !== hiddenOf(now.state));
          if (before.doc !== now.state.doc || !before.selection.eq(now.state.selection)) look(now);
        },
        destroy() {
          groups?.destroy();
          groups = null;
        },
      };
    },
  });
}

function hiddenOf(state: EditorState): unknown {
  return foldingKey.getState(state)?.hidden;
}

/** The blocks in which the selection begins and ends, as they are drawn. */
function endsOf(view: EditorView): (Node | null)[] {
  const { $anchor, $head } = view.state.selection;
  const ends = $anchor.index(0) === $head.index(0) ? [$head] : [$anchor, $head];
  return ends.map(($end) => view.nodeDOM($end.depth === 0 ? $end.pos : $end.before(1)));
}

/**
 * The children of an element are drawn through slots of its shadow tree, a run of them each. A child without a slot is not drawn, so
 * this hears of each child that comes or goes before anything is laid out: from the editor's update, or (where a browser changed the
 * text by itself) from an observer.
 */
class ScreenGroups {
  readonly #dom: HTMLElement;
  readonly #root: ShadowRoot;
  readonly #observer: MutationObserver;
  readonly #groupOf = new WeakMap<Node, Group>();
  #groups: Group[] = [];
  #near: ReadonlySet<Group> = new Set();

  constructor(dom: HTMLElement) {
    this.#dom = dom;
    this.#root = dom.attachShadow({ mode: 'open', slotAssignment: 'manual' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    this.#observer = new MutationObserver((records) => this.#changed(records));
    this.#observer.observe(dom, { childList: true });
    this.#groups = this.#fill(null, [...dom.childNodes].filter(isSlottable));
    this.#draw();
  }

  update(foldsChanged: boolean): void {
    const records = this.#observer.takeRecords();
    if (records.length > 0) this.#changed(records);
    else if (foldsChanged) this.#draw();
  }

  /**
   * Keeps the groups of some blocks, and those before and behind, laid out wherever they are: a browser can neither put a caret into
   * what it skips nor type there, and finds out what is in sight only with its next frame.
   */
  reach(blocks: readonly (Node | null)[]): void {
    const near = new Set<Group>();
    for (const block of blocks) {
      const group = block && this.#groupOf.get(block);
      const at = group ? this.#groups.indexOf(group) : -1;
      if (at >= 0) for (const one of this.#groups.slice(Math.max(0, at - AROUND), at + AROUND + 1)) near.add(one);
    }
    for (const group of this.#near) if (!near.has(group)) group.element.classList.remove('near');
    for (const group of near) group.element.classList.add('near');
    this.#near = near;
  }

  destroy(): void {
    this.#observer.disconnect();
  }

  #changed(records: readonly MutationRecord[]): void {
    const came = new Set<Node>();
    const went = new Set<Node>();
    for (const { addedNodes, removedNodes } of records) {
      for (const node of addedNodes) came.add(node);
      for (const node of removedNodes) went.add(node);
    }
    const few = came.size + went.size <= FEW && this.#changedAround(came, went);
    if (!few) this.#changedAnywhere(came);
    this.#draw();
  }

  /**
   * Looks at the groups alone in which blocks come or go: an Enter on a long page costs what it costs on a short one. False, and nothing done,
   * where a group loses all of its blocks or a block stands in no group's run.
   */
  #changedAround(came: ReadonlySet<Node>, went: ReadonlySet<Node>): boolean {
    const around = new Set<Group>();
    for (const node of [...came, ...went]) {
      const group = this.#groupOf.get(node);
      if (group) around.add(group);
      if (node.parentNode !== this.#dom || !came.has(node)) continue;
      // What comes belongs to the group of what stands before it.
      let before = node.previousSibling;
      while (before && (came.has(before) || !this.#groupOf.has(before))) before = before.previousSibling;
      const left = before && this.#groupOf.get(before);
      if (!left) return false;
      around.add(left);
    }
    const runs = new Map<Group, Slottable[]>();
    for (const group of around) {
      const first = group.nodes.find((node) => this.#staysIn(group, node) && !came.has(node));
      if (!first) return false;
      const run: Slottable[] = [];
      for (let node: Node | null = first; node; node = node.nextSibling) {
        const own = came.has(node) ? group : (this.#groupOf.get(node) ?? group);
        if (own !== group) break;
        if (isSlottable(node)) run.push(node);
      }
      runs.set(group, run);
    }
    for (const node of came) this.#groupOf.delete(node);
    this.#groups = this.#groups.flatMap((group) => {
      const run = runs.get(group);
      return run ? this.#fill(group, run) : [group];
    });
    return true;
  }

  #staysIn(group: Group, node: Node): boolean {
    return node.parentNode === this.#dom && this.#groupOf.get(node) === group;
  }

  #changedAnywhere(came: ReadonlySet<Node>): void {
    // What moved belongs to the group where it stands now. All others keep their order.
    for (const node of came) this.#groupOf.delete(node);
    const members = new Map<Group, Slottable[]>(this.#groups.map((group) => [group, []]));
    let current = this.#groups.find(({ nodes }) => nodes.some((node) => this.#groupOf.has(node)));
    const all = [...this.#dom.childNodes].filter(isSlottable);
    if (!current) {
      this.#groups.forEach(({ element }) => element.remove());
      this.#groups = this.#fill(null, all);
      return;
    }
    for (const node of all) {
      current = this.#groupOf.get(node) ?? current;
      members.get(current)?.push(node);
    }
    this.#groups = this.#groups.flatMap((group) => this.#fill(group, members.get(group) ?? []));
  }

  /** Puts a run of nodes into a group; what is too much for it goes into further ones, and without any it goes. */
  #fill(group: Group | null, nodes: readonly Slottable[]): Group[] {
    if (group && isSame(group.nodes, nodes)) return [group];
    const count = nodes.length <= 2 * SIZE ? Math.min(1, nodes.length) : Math.ceil(nodes.length / SIZE);
    const per = Math.ceil(nodes.length / count);
    const filled: Group[] = [];
    for (let at = 0; at < count; at += 1) {
      const own = (at === 0 ? group : null) ?? newGroup();
      if (own !== group) {
        const behind = filled.at(-1)?.element;
        if (behind) behind.after(own.element);
        else this.#root.append(own.element);
      }
      own.nodes = nodes.slice(at * per, (at + 1) * per);
      for (const node of own.nodes) this.#groupOf.set(node, own);
      own.slot.assign(...own.nodes);
      own.element.style.setProperty('contain-intrinsic-block-size', `auto ${String(heightOf(own.nodes))}px`);
      filled.push(own);
    }
    if (count === 0) group?.element.remove();
    return filled;
  }

  /** Hides groups of which all is folded away, and lets the margins between two groups be as between two blocks. */
  #draw(): void {
    let last: Slottable | null = null;
    for (const group of this.#groups) {
      const { element, nodes } = group;
      const first = nodes.find(isShown);
      if (element.hidden !== (first === undefined)) element.hidden = first === undefined;
      if (!first) continue;
      const margin = last ? -sharedMargin(last, first) : 0;
      if (margin !== group.margin) element.style.setProperty('margin-block-start', `${String(margin)}px`);
      group.margin = margin;
      last = nodes.findLast(isShown) ?? null;
    }
  }
}

function newGroup(): Group {
  const element = document.createElement('div');
  element.className = 'group';
  const slot = document.createElement('slot');
  element.append(slot);
  return { element, slot, nodes: [], margin: null };
}

function isSlottable(node: Node): node is Slottable {
  return node instanceof Element || node instanceof Text;
}

function isShown(node: Slottable): boolean {
  return !(node instanceof Element && node.classList.contains('folded-away'));
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

/** About how high they are, so that the scroll bar is about right before they were laid out. */
function heightOf(nodes: readonly Slottable[]): number {
  return nodes.reduce((sum, { textContent }) => {
    const lines = Math.max(1, Math.ceil((textContent?.length ?? 0) / LINE.letters));
    return sum + lines * LINE.height + LINE.gap;
  }, 0);
}

/** Margins in editor.css, in px: [above, below]. */
const MARGINS: Readonly<Record<string, readonly [number, number]>> = {
  heading: [16, 4],
  bullet: [4, 4],
  ordered: [4, 4],
  check: [4, 4],
  toggle: [4, 4],
  quote: [12, 12],
  callout: [16, 16],
  code: [16, 16],
  raw: [16, 16],
};
const ATOM_MARGINS = [12, 12] as const;
const PLAIN_MARGINS = [8, 8] as const;

/** What of two blocks' margins is one margin where they stand in one group, and would be two between groups. */
function sharedMargin(above: Slottable, below: Slottable): number {
  const kind = kindOf(below);
  // One quote or callout over several blocks: their margins add up.
  if ((kind === 'quote' || kind === 'callout') && kindOf(above) === kind) return 0;
  return Math.min(marginsOf(above)[1], marginsOf(below)[0]);
}

function marginsOf(node: Slottable): readonly [number, number] {
  if (!(node instanceof HTMLElement)) return PLAIN_MARGINS;
  if (!node.classList.contains('block')) return ATOM_MARGINS;
  const { kind = '', level = '1' } = node.dataset;
  if (kind === 'heading' && Number(level) < 3) return [24, 8];
  return MARGINS[kind] ?? PLAIN_MARGINS;
}

function kindOf(node: Slottable): string | undefined {
  return node instanceof HTMLElement ? node.dataset['kind'] : undefined;
}
