// Saves what a window shows as a PDF file, where the person says; nothing is written when they cancel.
import { writeFile } from 'node:fs/promises';
import { dialog, type BrowserWindow } from 'electron';

export async function savePdf(window: BrowserWindow): Promise<void> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Save as PDF',
    defaultPath: `${window.getTitle().replaceAll(/[\\/:*?"<>|]/g, ' ') || 'Page'}.pdf`,
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
  });
  if (canceled || !filePath) return;
  try {
    await writeFile(filePath, await window.webContents.printToPDF({ printBackground: false }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await dialog.showMessageBox(window, {
      type: 'error',
      message: 'The PDF was not saved.',
      detail: `${reason}\n\nThe page itself is unchanged. Choose another folder, or make room, and try again.`,
    });
  }
}
