// How this window looks and speaks: theme, contrast, announcements, the sidebar. Kept by the window's profile alone.
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import { oneOf, Remembered, strings } from './remembered.ts';

export type Theme = 'system' | 'light' | 'dark';
export type Contrast = 'system' | 'more' | 'normal';

export const SIDEBAR = Object.freeze({ least: 216, usual: 248, most: 320 });

const theme = new Remembered<Theme>('theme', oneOf('system', 'light', 'dark'));
const contrast = new Remembered<Contrast>('contrast', oneOf('system', 'more', 'normal'));
const announcements = new Remembered<'on' | 'off'>('announcements', oneOf('on', 'off'));
const longPages = new Remembered<'sight' | 'whole'>('long pages', oneOf('sight', 'whole'));
const collapsed = new Remembered<readonly string[]>('collapsed', strings(5_000));
const expanded = new Remembered<readonly string[]>('expanded', strings(5_000));
const panel = new Remembered<string | null>('panel', (value) => (typeof value === 'string' ? value : null));
const width = new Remembered<number>('sidebar', (value) =>
  typeof value === 'number' && value >= SIDEBAR.least && value <= SIDEBAR.most ? value : SIDEBAR.usual,
);

export class Preferences {
  #theme = $state<Theme>(theme.get());
  #contrast = $state<Contrast>(contrast.get());
  #announcements = $state<'on' | 'off'>(announcements.get());
  #longPages = $state<'sight' | 'whole'>(longPages.get());
  #width = $state(width.get());
  #panel = $state(panel.get());
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced as a whole by each change
  #collapsed = $state.raw<ReadonlySet<string>>(new Set(collapsed.get()));
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced as a whole by each change
  #expanded = $state.raw<ReadonlySet<string>>(new Set(expanded.get()));
  readonly #root: HTMLElement;
  readonly #moreContrast: MediaQueryList;

  /** `root` carries the attributes that the tokens look at. */
  constructor(root: HTMLElement, moreContrast: MediaQueryList) {
    this.#root = root;
    this.#moreContrast = moreContrast;
  }

  /** Puts the choices on the root and follows the system's contrast. */
  apply(): Disposable {
    const follow = (): void => this.#paint();
    this.#moreContrast.addEventListener('change', follow);
    this.#paint();
    return disposable(() => this.#moreContrast.removeEventListener('change', follow));
  }

  get theme(): Theme {
    return this.#theme;
  }
  set theme(value: Theme) {
    this.#theme = value;
    theme.set(value);
    this.#paint();
  }

  get contrast(): Contrast {
    return this.#contrast;
  }
  set contrast(value: Contrast) {
    this.#contrast = value;
    contrast.set(value);
    this.#paint();
  }

  /** Whether what happens is said in live regions. */
  get announces(): boolean {
    return this.#announcements === 'on';
  }
  set announces(value: boolean) {
    this.#announcements = value ? 'on' : 'off';
    announcements.set(this.#announcements);
  }

  /** What of a long page is laid out (LG5). */
  get longPages(): 'sight' | 'whole' {
    return this.#longPages;
  }
  set longPages(value: 'sight' | 'whole') {
    this.#longPages = value;
    longPages.set(value);
    this.#paint();
  }

  get sidebarWidth(): number {
    return this.#width;
  }
  set sidebarWidth(value: number) {
    this.#width = Math.round(Math.min(SIDEBAR.most, Math.max(SIDEBAR.least, value)));
    width.set(this.#width);
  }

  /** The panel beside pages, or null. */
  get panel(): string | null {
    return this.#panel;
  }
  showPanel(id: string | null): void {
    this.#panel = id;
    panel.set(id);
  }

  /** Spaces are open until closed; pages are closed until opened. */
  isOpen(id: string, kind: 'space' | 'page'): boolean {
    return kind === 'space' ? !this.#collapsed.has(id) : this.#expanded.has(id);
  }
  setOpen(id: string, kind: 'space' | 'page', open: boolean): void {
    if (kind === 'space') {
      this.#collapsed = changed(this.#collapsed, id, !open);
      collapsed.set([...this.#collapsed]);
    } else {
      this.#expanded = changed(this.#expanded, id, open);
      expanded.set([...this.#expanded]);
    }
  }

  #paint(): void {
    if (this.#theme === 'system') delete this.#root.dataset['theme'];
    else this.#root.dataset['theme'] = this.#theme;
    const more = this.#contrast === 'more' || (this.#contrast === 'system' && this.#moreContrast.matches);
    if (more) this.#root.dataset['contrast'] = 'more';
    else delete this.#root.dataset['contrast'];
    if (this.#longPages === 'whole') this.#root.dataset['pages'] = 'whole';
    else delete this.#root.dataset['pages'];
  }
}

function changed(set: ReadonlySet<string>, id: string, has: boolean): ReadonlySet<string> {
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- a copy that replaces the old one
  const next = new Set(set);
  if (has) next.add(id);
  else next.delete(id);
  return next;
}
