// What is dropped on or pasted into an element as files, where nothing inside it takes them itself. It adds none.

export interface GivenFiles {
  /** Whether something that can be dropped here is over it now. */
  readonly onover: (over: boolean) => void;
  readonly onfiles: (files: readonly File[]) => void;
}

/** Text that takes files itself: a page's. */
const OWN = '[contenteditable="true"]';

/** Ends with the function that it answers. */
export function givenFiles(element: HTMLElement, { onover, onfiles }: GivenFiles): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const isFor = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') === true &&
    !(event.target instanceof Element && event.target.closest(OWN) !== null);
  element.addEventListener(
    'dragover',
    (event) => {
      onover(isFor(event));
      if (!isFor(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    },
    { signal },
  );
  element.addEventListener(
    'dragleave',
    (event) => {
      if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) onover(false);
    },
    { signal },
  );
  element.addEventListener(
    'drop',
    (event) => {
      onover(false);
      if (event.defaultPrevented || !isFor(event)) return;
      event.preventDefault();
      onfiles([...(event.dataTransfer?.files ?? [])]);
    },
    { signal },
  );
  element.addEventListener(
    'paste',
    (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      // Office programs put a picture of the text beside the text: the text is what was meant.
      if (event.defaultPrevented || files.length === 0 || event.clipboardData?.types.includes('text/html')) return;
      event.preventDefault();
      onfiles(files);
    },
    { signal },
  );
  return () => ended.abort();
}
