// How a window is answered that asks for an attachment by its address: headers under which nothing runs, and the bytes asked for.
import { isBlobName } from '../../../shared/base/blob-name.ts';
import type { OpenBlob } from './attachments.ts';

export interface BlobUrl {
  readonly workspace: string;
  readonly space: string;
  readonly blob: string;
  /** What a saved copy is called. */
  readonly name: string;
}

/** `/blob/<workspace>/<space>/<sha256>`, with `?name=` for a saved copy; null for anything else. */
export function readBlobUrl(url: string): BlobUrl | null {
  const [path = '', query = ''] = url.split('?', 2);
  const [empty, first, workspace = '', space = '', blob, ...more] = path.split('/');
  if (empty !== '' || first !== 'blob' || more.length > 0 || !isBlobName(blob)) return null;
  if (!/^[\w-]{1,64}$/.test(workspace) || !/^[@~]?[\w-]{1,64}$/.test(space)) return null;
  return { workspace, space, blob, name: new URLSearchParams(query).get('name') ?? '' };
}

export interface ServedBlob {
  readonly status: 200 | 206 | 416;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly bytes: AsyncIterable<Uint8Array> | null;
}

/**
 * Pictures, films and sound that their own bytes show to be such are shown; everything else is a download, whatever it is called.
 * Nothing of it runs in any case: a policy of its own forbids scripts, styles and frames, in a sandbox without an origin.
 */
export function serveBlob({ size, media, shown, read }: OpenBlob, name: string, range: string | undefined): ServedBlob {
  const headers = {
    'content-type': shown ? media.type : 'application/octet-stream',
    'content-disposition': `${shown && name === '' ? 'inline' : 'attachment'}${nameOf(name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    // What is erased or purged here must not lie on in a browser's folder.
    'cache-control': 'no-store',
    'accept-ranges': 'bytes',
  };
  const [, from = '', to = ''] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(range ?? '') ?? [];
  if (from === '') return { status: 200, headers: { ...headers, 'content-length': size }, bytes: read(0, size) };
  const [start, end] = [Number(from), to === '' ? size : Math.min(size, Number(to) + 1)];
  if (start >= size || end <= start) {
    return {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${size}`, 'content-length': 0 },
      bytes: null,
    };
  }
  const part = { 'content-range': `bytes ${start}-${end - 1}/${size}`, 'content-length': end - start };
  return { status: 206, headers: { ...headers, ...part }, bytes: read(start, end) };
}

/** RFC 6266; what could end the header, lead out of a folder or turn the name around is taken out. */
function nameOf(name: string): string {
  const plain = name
    .replace(/\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replace(/[/\\:*?"<>|]+/g, '-')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .replace(/\p{Cs}/gu, '')
    .slice(0, 150);
  if (plain === '') return '';
  const ascii = plain.replace(/[^\x20-\x7e]/g, '_');
  const encoded = encodeURIComponent(plain).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
