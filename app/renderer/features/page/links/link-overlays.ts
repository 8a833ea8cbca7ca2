// What opens over the text for links: the preview of one, and the calendar for a day. Mounted while it is shown, and not a moment longer.
import { mount, unmount, type Component } from 'svelte';
import type { EditorView } from 'prosemirror-view';
import type { Clock } from '../../../../../shared/base/clock.ts';
import { insertEmbed } from '../../../editor/commands/embeds.ts';
import type { DrawnNode } from '../../../editor/node-views.ts';
import { isoDay } from '../../../window/times.ts';
import DatePicker from './DatePicker.svelte';
import type { LinkContext } from './link-context.ts';
import LinkPreview from './LinkPreview.svelte';
import { PreviewState, type Preview } from './preview-state.ts';

type Props = Record<string, unknown>;

export class LinkOverlays {
  readonly preview: PreviewState;
  readonly #clock: Clock;
  readonly #context: LinkContext;
  readonly #contexts: Map<unknown, unknown>;
  #closePreview: (() => void) | null = null;
  #closePicker: (() => void) | null = null;

  /** @param contexts the window's, for the components. */
  constructor(clock: Clock, context: LinkContext, contexts: Map<unknown, unknown>) {
    this.#clock = clock;
    this.#context = context;
    this.#contexts = contexts;
    this.preview = new PreviewState(clock, (shown) => this.#showPreview(shown));
  }

  /** A calendar at the caret; what is chosen there is put into the text. */
  pickDate(view: EditorView): void {
    const caret = view.coordsAtPos(view.state.selection.head);
    this.#showPicker(caret, isoDay(this.#clock.now()), (date) => {
      view.focus();
      if (date !== null)
        insertEmbed({ type: 'date', date }, { space: true })(view.state, view.dispatch.bind(view), view);
    });
  }

  /** A calendar at a day that stands in the text, for another one in its place. */
  editDate(node: DrawnNode): void {
    this.#showPicker(node.element.getBoundingClientRect(), String(node.attributes()['date']), (date) => {
      if (date !== null) node.set({ date });
      node.leave('behind');
    });
  }

  #showPreview(preview: Preview | null): void {
    this.#closePreview?.();
    this.#closePreview = null;
    if (!preview) return;
    const { anchor } = preview;
    const state = this.preview;
    const id = `link-preview-${this.#context.page}`;
    const close = this.#mount(LinkPreview, { id, context: this.#context, state, preview });
    const keydown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      state.close();
    };
    const leave = (): void => state.close();
    anchor.setAttribute('aria-describedby', id);
    document.addEventListener('keydown', keydown, true);
    document.addEventListener('scroll', leave, true);
    this.#closePreview = () => {
      anchor.removeAttribute('aria-describedby');
      document.removeEventListener('keydown', keydown, true);
      document.removeEventListener('scroll', leave, true);
      close();
    };
  }

  #showPicker(
    place: { readonly left: number; readonly top: number; readonly bottom: number },
    value: string,
    done: (date: string | null) => void,
  ): void {
    this.preview.close();
    this.#closePicker?.();
    const finish = (date: string | null): void => {
      if (!this.#closePicker) return;
      this.#closePicker();
      this.#closePicker = null;
      done(date);
    };
    this.#closePicker = this.#mount(DatePicker, {
      value,
      place,
      now: this.#clock.now(),
      onchoose: finish,
      onclose: () => finish(null),
    });
  }

  #mount(component: Component<never>, props: Props): () => void {
    const mounted = mount(component as Component<Props>, { target: document.body, props, context: this.#contexts });
    return () => void unmount(mounted);
  }
}
