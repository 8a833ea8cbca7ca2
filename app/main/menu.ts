// The native menus: what the system does itself (roles), and commands that go to the page.
import type { MenuItemConstructorOptions } from 'electron';
import type { ShellCommand } from '../contract/window-messages.ts';

export interface MenuActions {
  readonly command: (command: ShellCommand) => void;
  readonly savePdf: () => void;
  readonly newWindow: () => void;
}

/**
 * The menu for a platform (as process.platform). Undo and redo are the page's own, by member and document: their keys
 * are shown here and left to the page, because the system's undo knows nothing of the others who type.
 */
export function menuTemplate(platform: string, actions: MenuActions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const toPage = (label: string, accelerator: string, command: ShellCommand): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => actions.command(command),
  });
  const settings = toPage('Settings...', 'CmdOrCtrl+,', 'settings');
  return [
    ...(mac
      ? [
          {
            role: 'appMenu' as const,
            submenu: [
              { role: 'about' as const },
              { type: 'separator' as const },
              settings,
              { type: 'separator' as const },
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              { type: 'separator' as const },
              { role: 'quit' as const },
            ],
          },
        ]
      : []),
    {
      label: 'File',
      submenu: [
        toPage('New Page', 'CmdOrCtrl+N', 'new-page'),
        { label: 'New Window', accelerator: 'CmdOrCtrl+Shift+N', click: actions.newWindow },
        { type: 'separator' },
        { label: 'Save as PDF...', accelerator: 'CmdOrCtrl+P', click: actions.savePdf },
        { type: 'separator' },
        ...(mac ? [] : [settings, { type: 'separator' as const }]),
        { role: 'close' },
        ...(mac ? [] : [{ role: 'quit' as const }]),
      ],
    },
    {
      label: 'Edit',
      submenu: [
        toPage('Undo', 'CmdOrCtrl+Z', 'undo'),
        toPage('Redo', mac ? 'Cmd+Shift+Z' : 'Ctrl+Y', 'redo'),
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'pasteAndMatchStyle' },
        { role: 'selectAll' },
      ],
    },
    {
      label: 'View',
      submenu: [
        toPage('Jump to...', 'CmdOrCtrl+K', 'palette'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [toPage('Keyboard Shortcuts', 'CmdOrCtrl+/', 'help')] },
  ];
}
