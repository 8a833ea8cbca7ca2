// The editor's plugin for files that are dropped, pasted or picked: a card stands where each will be until the host has it, then the block.
import type { Node } from 'prosemirror-model';
import { Plugin, PluginKey, type EditorState, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { isBlobName } from '../../../../../shared/base/blob-name.ts';
import { randomId } from '../../../../../shared/base/random-id.ts';
import type { BlobState } from '../../../../contract/attachments.ts';
import type { NewAtom } from '../../../../../shared/model/page/block.ts';
import { isText } from '../../../editor/blocks.ts';
import { newAtom, newTextBlock } from '../../../editor/commands/new-blocks.ts';
import { size } from '../../../../contract/sizes.ts';

export interface AddedFilesOptions {
  readonly handOver: (file: File, onProgress: (part: number) => void) => Promise<BlobState>;
  /** Something was pasted that shows these: what is here of them belongs to this space as well. */
  readonly onPasted: (blobs: readonly string[]) => void;
  readonly onFailed: (file: File, error: unknown) => void;
  readonly onAdded: (name: string) => void;
}

type Change =
  | { readonly type: 'begin'; readonly id: string; readonly at: number; readonly element: HTMLElement }
  | { readonly type: 'end'; readonly ids: readonly string[] };

const key = new PluginKey<DecorationSet>('added-files');

export interface AddedFiles {
  readonly plugin: Plugin;
  /** Adds them behind the selected block. */
  add(view: EditorView, files: readonly File[]): void;
}

export function addedFiles(options: AddedFilesOptions): AddedFiles {
  const add = (view: EditorView, files: readonly File[], at = behindSelection(view.state)): void => {
    const cards = files.map((file) => ({ file, id: randomId(), element: cardOf(file) }));
    const { tr } = view.state;
    view.dispatch(
      tr.setMeta('addToHistory', false).setMeta(
        key,
        cards.map(({ id, element }): Change => ({ type: 'begin', id, at, element })),
      ),
    );
    // One after the other, so that they stand in their order, and the first is there soon.
    void (async () => {
      for (const { file, id, element } of cards) {
        try {
          const state = await options.handOver(file, (part) => progress(element, part));
          if (!view.isDestroyed) insert(view, id, atomOf(file, state));
          options.onAdded(file.name);
        } catch (error) {
          if (!view.isDestroyed) view.dispatch(endOf(view.state.tr, id));
          options.onFailed(file, error);
        }
      }
    })();
  };
  const plugin = new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, before) {
        let set = before.map(tr.mapping, tr.doc);
        for (const change of (tr.getMeta(key) as readonly Change[] | undefined) ?? []) {
          if (change.type === 'begin') {
            const { at, element, id } = change;
            set = set.add(tr.doc, [Decoration.widget(at, element, { id, key: id, side: -1, ignoreSelection: true })]);
          } else {
            const gone = change.ids.flatMap((id) => set.find(undefined, undefined, (spec) => spec['id'] === id));
            set = set.remove(gone);
          }
        }
        return set;
      },
    },
    props: {
      decorations: (state) => key.getState(state),
      handlePaste(view, event) {
        const files = filesIn(event.clipboardData);
        // Office programs put a picture of the text beside the text: the text is what was meant.
        if (files.length === 0 || (event.clipboardData?.types.includes('text/html') && hasText(event.clipboardData)))
          return false;
        if (view.editable) add(view, files);
        return true;
      },
      handleDrop(view, event) {
        const files = filesIn(event.dataTransfer);
        if (files.length === 0) return false;
        event.preventDefault();
        const found = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (view.editable) add(view, files, found ? blockEnd(view.state, found.pos) : behindSelection(view.state));
        return true;
      },
      handleDOMEvents: {
        // Without this a browser opens what is dropped beside the text, and the page is gone.
        dragover(_view, event) {
          if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
          return false;
        },
      },
    },
    appendTransaction(transactions, _before, state) {
      if (!transactions.some((tr) => tr.getMeta('paste') === true)) return null;
      const blobs = blobsIn(state.doc);
      if (blobs.length > 0) options.onPasted(blobs);
      return null;
    },
  });
  return { plugin, add: (view, files) => add(view, files) };
}

function filesIn(data: DataTransfer | null): readonly File[] {
  return [...(data?.files ?? [])];
}

function hasText(data: DataTransfer): boolean {
  return data.getData('text/plain').trim() !== '' || /<(p|table|li|h\d)\b/i.test(data.getData('text/html'));
}

function behindSelection(state: EditorState): number {
  return blockEnd(state, state.selection.to);
}

/** Behind the block of the page in which a position lies. */
function blockEnd(state: EditorState, pos: number): number {
  const $pos = state.doc.resolve(pos);
  return $pos.depth === 0 ? pos : $pos.after(1);
}

function blobsIn(doc: Node): readonly string[] {
  const blobs = new Set<string>();
  doc.forEach((node) => {
    const blob: unknown = node.attrs['blob'];
    if (isBlobName(blob)) blobs.add(blob);
  });
  return [...blobs].slice(0, 500);
}

/** What the bytes are decides, not what the file is called. */
function atomOf(file: File, state: BlobState): NewAtom {
  const { blob } = state;
  const name = nameOf(file.name);
  const mime = state.state === 'here' ? state.type : '';
  const props = { blob, name, mime, size: file.size };
  if (state.state !== 'here' || state.kind !== 'image') return { type: 'atom', kind: 'file', props };
  const pixels = state.width !== null && state.height !== null ? ([state.width, state.height] as const) : null;
  return { type: 'atom', kind: 'image', props: { ...props, pixels } };
}

/** A name that everybody can show: one line, nothing that turns its end around, as long as file systems take. */
export function nameOf(name: string): string {
  const plain = name.replace(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/gu, '').replace(/^.*[\\/]/, '');
  if (plain.length <= 255) return plain;
  const ending = /\.[^.]{1,10}$/.exec(plain)?.[0] ?? '';
  return plain.slice(0, 255 - ending.length) + ending;
}

function insert(view: EditorView, id: string, atom: NewAtom): void {
  const { state } = view;
  const [card] = key.getState(state)?.find(undefined, undefined, (spec) => spec['id'] === id) ?? [];
  const tr = endOf(state.tr, id);
  // Where its card went with a deleted block, the end of the page is still a place.
  const at = card ? blockEnd(state, card.from) : state.doc.content.size;
  const before = state.doc.resolve(at).nodeBefore;
  const fills = before !== null && isText(before) && before.content.size === 0 && before.attrs['kind'] === 'paragraph';
  const place = fills ? at - before.nodeSize : at;
  tr.insert(place, newAtom(state.schema, atom));
  if (!tr.doc.resolve(place + 1).nodeAfter) tr.insert(place + 1, newTextBlock(state.schema, {}));
  view.dispatch(tr);
}

function endOf(tr: Transaction, id: string): Transaction {
  const change: Change = { type: 'end', ids: [id] };
  return tr.setMeta(key, [change]);
}

function cardOf(file: File): HTMLElement {
  const card = document.createElement('div');
  card.className = 'adding-file';
  card.contentEditable = 'false';
  const words = document.createElement('span');
  words.textContent = `Adding ${nameOf(file.name)}, ${size(file.size)}`;
  const bar = document.createElement('progress');
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute('aria-label', `Adding ${nameOf(file.name)}`);
  card.append(words, bar);
  return card;
}

function progress(card: HTMLElement, part: number): void {
  const bar = card.querySelector('progress');
  if (bar) bar.value = part;
}
