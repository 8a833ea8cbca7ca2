// What every component of a window may use, handed down by context; built once in main.ts.
import { createContext } from 'svelte';
import type { Clock } from '../../../shared/base/clock.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import type { HostMirror } from '../connection/host-mirror.ts';
import type { HostView } from '../connection/host-views.svelte.ts';
import type { DocumentPool } from '../documents/document-pool.ts';
import type { UnsavedView } from '../documents/document-views.svelte.ts';
import type { Announcer } from './announcer.svelte.ts';
import type { DesktopNotices } from './desktop-notices.svelte.ts';
import type { Preferences } from './preferences.svelte.ts';
import type { Recent } from './recent.svelte.ts';
import type { Router } from './router.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import type { TypeAhead } from './type-ahead.ts';

export interface Services {
  readonly clock: Clock;
  readonly connection: HostConnection;
  readonly mirror: HostMirror;
  readonly host: HostView;
  readonly documents: DocumentPool;
  readonly unsaved: UnsavedView;
  readonly router: Router;
  readonly preferences: Preferences;
  readonly recent: Recent;
  readonly toasts: Toasts;
  readonly announcer: Announcer;
  readonly typeAhead: TypeAhead;
  /** Notifications on the desktop, as far as this window shows them. */
  readonly notices: DesktopNotices;
  /** Puts the page that is shown on paper or into a PDF file, as the shell can. */
  readonly print: () => void;
}

const [get, set] = createContext<Services>();

/** The window's services; only while a component is being set up. */
export const services = get;
export const provideServices = set;
