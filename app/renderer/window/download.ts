// Gives a file that the host made to the person at the window, as a download.
import { saveFile } from './save-file.ts';

export function download(name: string, base64: string, type: string): void {
  const binary = atob(base64);
  saveFile(
    name,
    Uint8Array.from(binary, (character) => character.charCodeAt(0)),
    type,
  );
}
