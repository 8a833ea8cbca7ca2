// The composition root of a window: it picks the shell, builds the services and mounts the app.
import { mount } from 'svelte';
import { systemClock } from '../../shared/base/clock.ts';
import App from './App.svelte';
import { BrowserShell, takeSession } from './connection/browser-shell.ts';
import { ElectronShell } from './connection/electron-shell.ts';
import { HostConnection } from './connection/host-connection.ts';
import { HostMirror } from './connection/host-mirror.ts';
import { HostView } from './connection/host-views.svelte.ts';
import { DocumentPool } from './documents/document-pool.ts';
import { UnsavedView } from './documents/document-views.svelte.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/print.css';
import { Announcer } from './window/announcer.svelte.ts';
import { DesktopNotices } from './window/desktop-notices.svelte.ts';
import { NewsCount } from './window/news-count.ts';
import { onceDrawn } from './window/paper.ts';
import { Preferences } from './window/preferences.svelte.ts';
import { Recent } from './window/recent.svelte.ts';
import { WindowFrames } from './window/window-frames.ts';
import { Router } from './window/router.svelte.ts';
import { TypeAhead } from './window/type-ahead.ts';
import { Toasts } from './window/toasts.svelte.ts';

const clock = systemClock;
const preferences = new Preferences(document.documentElement, matchMedia('(prefers-contrast: more)'));
preferences.apply();

const electron = 'caravanShell' in window ? new ElectronShell(window) : null;
if (!electron) await takeSession(location, history);

const connection = new HostConnection(electron ?? new BrowserShell(location.origin));
const mirror = new HostMirror(connection);
const documents = new DocumentPool(connection, clock, new WindowFrames(window));
connection.onStatus((status) => {
  if (status.state === 'online') documents.retryNow();
});

const router = new Router(window);
const notices = new DesktopNotices(window, connection, router);
new NewsCount(window, connection);

const target = document.getElementById('app');
if (target) {
  mount(App, {
    target,
    props: {
      electron,
      all: {
        clock,
        connection,
        mirror,
        documents,
        preferences,
        host: new HostView(connection, mirror),
        unsaved: new UnsavedView(documents),
        router,
        recent: new Recent(),
        toasts: new Toasts(clock),
        announcer: new Announcer(() => preferences.announces),
        typeAhead: new TypeAhead(document),
        notices,
        print: () => onceDrawn(document, clock, () => (electron ? electron.savePdf() : window.print())),
      },
    },
  });
}
connection.start();
