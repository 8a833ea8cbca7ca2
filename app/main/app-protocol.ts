// Answers `app://caravan/...` from the folder of built windows, and nothing outside it. No network, no other scheme.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://caravan';
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/**
 * What a page of Caravan may do. Everything comes from its own files; documents come over a MessagePort, so that there
 * is nothing to connect to. Style attributes are allowed because the editor and popovers place things with them.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

function refusal(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

/** The file that a URL names inside `root`, or null where it names none (another origin, `..`, escapes, odd bytes). */
export function fileOfUrl(root: string, url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname, username, password } = new URL(url);
  if (protocol !== `${APP_SCHEME}:` || `${protocol}//${host}` !== APP_ORIGIN || username || password) return null;
  // What is built has plain names; whatever needs an escape is not one of ours.
  if (!/^\/[\w./-]*$/.test(pathname) || pathname.split('/').includes('..')) return null;
  return path.join(root, pathname === '/' ? 'index.html' : pathname);
}

/** The handler for `protocol.handle`; it never rejects. */
export function serveApp(root: string): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, 'Only reading is possible here.');
    const file = fileOfUrl(root, request.url);
    const type = file === null ? undefined : TYPES[path.extname(file)];
    if (file === null || type === undefined) return refusal(404, 'There is no such file in Caravan.');
    try {
      if (!(await stat(file)).isFile()) return refusal(404, 'There is no such file in Caravan.');
      const body = request.method === 'HEAD' ? null : await readFile(file);
      return new Response(body, {
        headers: {
          'content-type': type,
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'cross-origin-opener-policy': 'same-origin',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-cache',
        },
      });
    } catch {
      return refusal(404, 'There is no such file in Caravan.');
    }
  };
}
