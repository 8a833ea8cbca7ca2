// What bytes are, by what they begin with: the few kinds that a browser may show, and how large a picture is. Names and claims count for nothing.

export interface Media {
  readonly type: string;
  readonly kind: 'image' | 'video' | 'audio' | 'other';
  /** Of an image whose header says it. */
  readonly width: number | null;
  readonly height: number | null;
}

/** How much of a file is looked at: the size of a photograph stands behind its camera's notes. */
export const HEAD_BYTES = 512 * 1024;
/** Points of a picture that a window shows by itself: drawn, each takes four bytes of memory. Photographs of large cameras are below it. */
export const LARGEST_PICTURE = 64_000_000;

const OTHER: Media = { type: 'application/octet-stream', kind: 'other', width: null, height: null };

/** Total. SVG, HTML and all else that could run are `other`. */
export function mediaOf(head: Uint8Array): Media {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const text = (at: number, length: number): string => String.fromCharCode(...head.slice(at, at + length));
  const image = (type: string, width: number | null, height: number | null): Media => ({
    type,
    kind: 'image',
    width,
    height,
  });
  const plain = (type: string, kind: 'video' | 'audio'): Media => ({ type, kind, width: null, height: null });
  if (text(0, 8) === '\x89PNG\r\n\x1a\n' && text(12, 4) === 'IHDR' && head.length >= 24) {
    return image('image/png', view.getUint32(16), view.getUint32(20));
  }
  if (/^GIF8[79]a/.test(text(0, 6)) && head.length >= 10) {
    return image('image/gif', view.getUint16(6, true), view.getUint16(8, true));
  }
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) {
    const size = jpegSize(head, view);
    return image('image/jpeg', size?.width ?? null, size?.height ?? null);
  }
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') {
    const size = webpSize(head, view, text(12, 4));
    return image('image/webp', size?.width ?? null, size?.height ?? null);
  }
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WAVE') return plain('audio/wav', 'audio');
  if (text(4, 4) === 'ftyp') return isoMedia(text(8, 4), head, view);
  if (text(0, 4) === '\x1aE\xdf\xa3') return plain('video/webm', 'video');
  if (text(0, 4) === 'OggS')
    return text(28, 7) === '\x80theora' ? plain('video/ogg', 'video') : plain('audio/ogg', 'audio');
  if (text(0, 4) === 'fLaC') return plain('audio/flac', 'audio');
  if (text(0, 3) === 'ID3' || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2))
    return plain('audio/mpeg', 'audio');
  if (text(0, 5) === '%PDF-') return { ...OTHER, type: 'application/pdf' };
  return OTHER;
}

/** Whether a window may show it in its place; everything else is a card with a name. */
export function isShown({ kind, width, height }: Media): boolean {
  if (kind !== 'image') return kind !== 'other';
  return width !== null && height !== null && width > 0 && height > 0 && width * height <= LARGEST_PICTURE;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** ITU T.81: segments up to the frame header. */
function jpegSize(head: Uint8Array, view: DataView): Size | null {
  let at = 2;
  while (at + 9 <= head.length) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    const length = view.getUint16(at + 2);
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
}

function webpSize(head: Uint8Array, view: DataView, chunk: string): Size | null {
  if (head.length < 30) return null;
  const three = (at: number): number => view.getUint16(at, true) | ((head[at + 2] ?? 0) << 16);
  if (chunk === 'VP8X') return { width: three(24) + 1, height: three(27) + 1 };
  if (chunk === 'VP8 ') return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (chunk !== 'VP8L') return null;
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

/** ISO base media: AVIF's size stands in its largest `ispe`; a film is told from sound by its brand. */
function isoMedia(brand: string, head: Uint8Array, view: DataView): Media {
  if (brand === 'avif' || brand === 'avis') {
    let size: Size | null = null;
    for (let at = 16; at + 16 <= head.length; at += 1) {
      if (head[at] !== 0x69 || view.getUint32(at) !== 0x69737065) continue;
      const found = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
      if (!size || found.width * found.height > size.width * size.height) size = found;
    }
    return { type: 'image/avif', kind: 'image', width: size?.width ?? null, height: size?.height ?? null };
  }
  if (brand === 'M4A ' || brand === 'M4B ') return { ...OTHER, type: 'audio/mp4', kind: 'audio' };
  if (/^(isom|iso[2-9]|mp4[12]|avc1|M4V |dash|MSNV|3gp|qt {2})/.test(brand))
    return { ...OTHER, type: 'video/mp4', kind: 'video' };
  return OTHER;
}
