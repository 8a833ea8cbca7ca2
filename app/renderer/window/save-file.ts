// Hands bytes or a text to the person at the window as a file to keep; where it goes is between them and their browser.

const LONG_ENOUGH = 60_000;

export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer> | Blob, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Browsers read the address some time after the click, and do not say when.
  setTimeout(() => URL.revokeObjectURL(url), LONG_ENOUGH);
}
