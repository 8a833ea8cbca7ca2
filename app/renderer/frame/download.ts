// Gives a file that the host made to the person at the window, as a download.

const LONG_ENOUGH = 60_000;

export function download(name: string, base64: string, type: string): void {
  const binary = atob(base64);
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Browsers read the address some time after the click, and do not say when.
  setTimeout(() => URL.revokeObjectURL(url), LONG_ENOUGH);
}
