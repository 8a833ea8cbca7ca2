// What covers the face of a card (docs/documents.md, BD25): one of the hues, or a picture by the name of its bytes. It knows no bytes.
import { isBlobName } from '../../base/blob-name.ts';
import { COLOURS, type Colour } from './stored.ts';

export type Cover =
  { readonly kind: 'hue'; readonly hue: Colour } | { readonly kind: 'picture'; readonly blob: string };

/** Total: anything else is none. */
export function readCover(value: unknown): Cover | null {
  const hue = COLOURS.find((one) => one === value);
  if (hue) return { kind: 'hue', hue };
  return isBlobName(value) ? { kind: 'picture', blob: value } : null;
}

/** As it is stored. */
export function storedCover(cover: Cover): string {
  return cover.kind === 'hue' ? cover.hue : cover.blob;
}
