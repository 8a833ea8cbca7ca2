// The bridge in a window: passes the host's port and the shell's events to the page, and exposes facts, no functions.
import { contextBridge, ipcRenderer } from 'electron';
import {
  readPageMessage,
  readShellEvent,
  SHELL_CHANNEL,
  type PreloadMessage,
  type ShellFacts,
} from '../contract/window-messages.ts';

// The preload runs before the page, in every page of the window; only the program's own may have a port.
const OURS = 'app://caravan';

function tellPage(message: PreloadMessage, ports: readonly MessagePort[] = []): void {
  window.postMessage(message, OURS, [...ports]);
}

if (window.location.origin === OURS) {
  const facts: ShellFacts = { kind: 'electron', platform: process.platform, version: process.versions.electron ?? '' };
  contextBridge.exposeInMainWorld('caravanShell', facts);

  window.addEventListener('message', (event) => {
    if (event.source !== window || event.origin !== OURS) return;
    const message = readPageMessage(event.data);
    if (message?.caravan === 'ask-port') ipcRenderer.send(SHELL_CHANNEL.askPort);
    if (message?.caravan === 'page-ready') ipcRenderer.send(SHELL_CHANNEL.pageReady);
    if (message?.caravan === 'save-pdf') ipcRenderer.send(SHELL_CHANNEL.savePdf);
  });
  ipcRenderer.on(SHELL_CHANNEL.port, (event) => tellPage({ caravan: 'port' }, event.ports));
  ipcRenderer.on(SHELL_CHANNEL.event, (_event, data: unknown) => {
    const detail = readShellEvent(data);
    if (detail) tellPage({ caravan: 'event', detail });
  });
}
