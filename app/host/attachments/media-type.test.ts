// What bytes are taken for, by their beginning: hostile files first. The headers that follow from it are held by the browser shell's tests.
import { expect, test } from 'vitest';
import { isShown, mediaOf } from './media-type.ts';
import { readBlobUrl, serveBlob } from './served-blob.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

function png(width: number, height: number): Uint8Array {
  const head = bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\x08\x06\0\0\0');
  new DataView(head.buffer).setUint32(16, width);
  new DataView(head.buffer).setUint32(20, height);
  return head;
}

test('[W7] what could run is never shown, whatever it is called: SVG, HTML, XML, PDF, scripts, and what is cut off', () => {
  for (const text of [
    '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    '<?xml version="1.0"?><svg/>',
    '<!doctype html><img src=x onerror=1>',
    'GIF<script>',
    '%PDF-1.7 <script>',
    'BM and more',
    'MZ\x90',
    '',
    '\x89PNG',
    '\xff\xd8\xff',
    'RIFF\0\0\0\0WEBP',
    '\0\0\0\x18ftypavif',
    '\0\0\0\x18ftypheic',
  ]) {
    expect([text, isShown(mediaOf(bytes(text)))]).toEqual([text, false]);
  }
});

test('[W7] pictures say their size in their header; one of 10,000 by 10,000 points is not drawn', () => {
  expect(mediaOf(png(640, 480))).toEqual({ type: 'image/png', kind: 'image', width: 640, height: 480 });
  expect(isShown(mediaOf(png(640, 480)))).toBe(true);
  expect(isShown(mediaOf(png(10_000, 10_000)))).toBe(false);
  expect(isShown(mediaOf(png(0xffffffff, 0xffffffff)))).toBe(false);
  expect(isShown(mediaOf(png(0, 10)))).toBe(false);
  expect(mediaOf(bytes('GIF89a\x10\0\x20\0'))).toMatchObject({ type: 'image/gif', width: 16, height: 32 });
  const notes = `\xff\xe1\x01\x02${'x'.repeat(256)}`;
  const jpeg = bytes(`\xff\xd8${notes}\xff\xc0\0\x11\x08\x02\x58\x03\x20\x03`);
  expect(mediaOf(jpeg)).toMatchObject({ type: 'image/jpeg', width: 800, height: 600 });
  const webp = bytes(`RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0`);
  expect(mediaOf(webp)).toMatchObject({ type: 'image/webp', width: 320, height: 240 });
  const avif = bytes('\0\0\0\x14ftypavif\0\0\0\0\0\0\0\x14ispe\0\0\0\0\0\0\x01\0\0\0\0\x80');
  expect(mediaOf(avif)).toMatchObject({ type: 'image/avif', width: 256, height: 128 });
  expect(mediaOf(bytes('\x1aE\xdf\xa3'))).toMatchObject({ type: 'video/webm', kind: 'video' });
  expect(mediaOf(bytes('\0\0\0\x18ftypisom'))).toMatchObject({ type: 'video/mp4', kind: 'video' });
  expect(mediaOf(bytes('ID3\x04'))).toMatchObject({ type: 'audio/mpeg', kind: 'audio' });
});

test('[W7] an address is exactly that, and a name in it ends no header and leads out of no folder', async () => {
  const blob = 'a'.repeat(64);
  expect(readBlobUrl(`/blob/w/s/${blob}?name=a%2Fb`)).toEqual({ workspace: 'w', space: 's', blob, name: 'a/b' });
  for (const url of [
    `/blob/w/${blob}`,
    `/blob/w/../${blob}`,
    `/blob/w/s/${blob}/`,
    `/blob/w/s/${blob.toUpperCase()}`,
  ]) {
    expect([url, readBlobUrl(url)]).toEqual([url, null]);
  }
  const open = {
    size: 10,
    media: mediaOf(bytes('<svg>')),
    shown: false,
    async *read() {
      yield bytes('0123456789');
    },
  };
  const hostile = '../..\\etc/pass"wd\r\nSet-Cookie: x=1\u202egnp.exe';
  const { headers } = serveBlob(open, hostile, undefined);
  const disposition = String(headers['content-disposition']);
  expect(disposition).not.toMatch(/[\r\n\u202e\\/]/);
  expect(disposition).toContain('attachment; filename="-..-etc-pass-wdSet-Cookie- x=1gnp.exe"');
  expect(headers['content-type']).toBe('application/octet-stream');
  expect(serveBlob(open, '', 'bytes=2-4')).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 2-4/10' } });
  expect(serveBlob(open, '', 'bytes=10-')).toMatchObject({ status: 416, bytes: null });
});
