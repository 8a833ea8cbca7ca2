// Brokers a MessagePort between a window's page and the host. Main keeps neither end and never sees what passes.
import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { disposable, type Disposable } from '../../shared/base/disposable.ts';
import { SHELL_CHANNEL, type ShellEvent } from '../contract/window-messages.ts';
import type { HostProcess } from './host-process.ts';
import { isTrustedSender } from './security.ts';

export function sendShellEvent(contents: WebContents, event: ShellEvent): void {
  if (!contents.isDestroyed()) contents.send(SHELL_CHANNEL.event, event);
}

/** Answers each window that asks for a port, and tells all windows when the host is gone. The caller disposes. */
export function brokerPorts(
  host: HostProcess<MessagePortMain>,
  windows: () => readonly WebContents[],
  onPageReady: (contents: WebContents) => void,
  onSavePdf: (contents: WebContents) => void,
): Disposable {
  const onAskPort = (event: Electron.IpcMainEvent): void => {
    if (!isTrustedSender(event)) return;
    const { port1, port2 } = new MessageChannelMain();
    host.givePort(port1);
    event.sender.postMessage(SHELL_CHANNEL.port, null, [port2]);
  };
  const onReady = (event: Electron.IpcMainEvent): void => {
    if (isTrustedSender(event)) onPageReady(event.sender);
  };
  const onPdf = (event: Electron.IpcMainEvent): void => {
    if (isTrustedSender(event)) onSavePdf(event.sender);
  };
  ipcMain.on(SHELL_CHANNEL.savePdf, onPdf);
  ipcMain.on(SHELL_CHANNEL.askPort, onAskPort);
  ipcMain.on(SHELL_CHANNEL.pageReady, onReady);
  const states = host.onState(({ state }) => {
    if (state !== 'crashed') return;
    for (const contents of windows()) sendShellEvent(contents, { event: 'host-gone' });
  });
  return disposable(() => {
    ipcMain.off(SHELL_CHANNEL.askPort, onAskPort);
    ipcMain.off(SHELL_CHANNEL.pageReady, onReady);
    ipcMain.off(SHELL_CHANNEL.savePdf, onPdf);
    states.dispose();
  });
}
