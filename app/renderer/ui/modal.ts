// A dialog element over everything else, and the focus afterwards: back where it was before, if that is still there. How it is closed, its owner decides.

/** For `{@attach}`: shows it while it is in the page. Whoever moves the focus at closing keeps it: only a focus that went away with the dialog is given back. */
export function modal(element: HTMLDialogElement): () => void {
  const before = document.activeElement;
  element.showModal();
  return () => {
    // It is taken out of the page by now, so that the browser gives nothing back.
    element.close();
    const now = document.activeElement;
    const isLost = now === null || now === document.body || element.contains(now);
    if (isLost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}
