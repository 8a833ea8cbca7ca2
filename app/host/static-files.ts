// Serves the built windows out of one folder: known types, strict headers, and no way out of the folder.
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** Inline styles are allowed as attributes only: components position things with them. Scripts come from files alone. */
export function securityHeaders(port: number): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self' ws://127.0.0.1:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}

/** The file that a request path names, or null: a name outside the folder, a folder, or nothing. */
export async function findFile(root: string, requestPath: string): Promise<{ file: string; size: number } | null> {
  let name: string;
  try {
    name = decodeURIComponent(requestPath);
  } catch {
    return null; // A malformed escape names no file.
  }
  if (name.includes('\0') || name.includes('\\') || !name.startsWith('/')) return null;
  if (name.split('/').some((part) => part === '..' || part === '.')) return null;
  if (TYPES[path.extname(name)] === undefined) return null;
  try {
    const [folder, file] = await Promise.all([realpath(root), realpath(path.join(root, name))]);
    const inside = path.relative(folder, file);
    if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) return null;
    const found = await stat(file);
    return found.isFile() ? { file, size: found.size } : null;
  } catch {
    return null; // Not there.
  }
}

/** Answers with the file. `/` is index.html, which is never cached; hashed assets are kept for good. */
export async function serveFile(
  root: string,
  requestPath: string,
  port: number,
  response: ServerResponse,
): Promise<boolean> {
  const name = requestPath === '/' ? '/index.html' : requestPath;
  const found = await findFile(root, name);
  if (!found) return false;
  response.writeHead(200, {
    ...securityHeaders(port),
    'content-type': TYPES[path.extname(found.file)] ?? 'application/octet-stream',
    'content-length': found.size,
    'cache-control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
  });
  if (response.req.method === 'HEAD') response.end();
  else await pipeline(createReadStream(found.file), response);
  return true;
}
