// The app:// scheme over a real folder: what is served, with which headers, and what is refused.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOfUrl, serveApp } from './app-protocol.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-app-'));
  mkdirSync(path.join(folder, 'renderer/assets'), { recursive: true });
  writeFileSync(path.join(folder, 'secret.txt'), 'secret');
  writeFileSync(path.join(folder, 'renderer/index.html'), '<!doctype html>');
  writeFileSync(path.join(folder, 'renderer/assets/index-a1b2.js'), '1');
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = (url: string, method = 'GET') => serveApp(path.join(folder, 'renderer'))(new Request(url, { method }));

describe('app://', () => {
  it('[issue 2, item 5] serves the windows with a strict policy', async () => {
    const page = await get('app://caravan/');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('<!doctype html>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const script = await get('app://caravan/assets/index-a1b2.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await get('app://caravan/index.html', 'HEAD')).status).toBe(200);
  });

  it.each([
    'app://caravan/../secret.txt',
    'app://caravan/%2e%2e/secret.txt',
    'app://caravan/..%2fsecret.txt',
    'app://caravan/assets/..%5c..%5csecret.txt',
    'app://caravan/%00',
    'app://caravan/assets',
    'app://caravan/missing.js',
    'app://caravan.example/index.html',
  ])('[issue 2, item 5] refuses %s', async (url) => {
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });

  it('refuses to be written to', async () => {
    expect((await get('app://caravan/index.html', 'POST')).status).toBe(405);
  });

  it('names no file outside its folder, whatever the URL', () => {
    for (const url of [
      'file:///etc/passwd',
      'http://caravan/index.html',
      'app:index.html',
      'nonsense',
      'app://caravan/a//..//../b.js',
    ]) {
      const file = fileOfUrl('/srv/app', url);
      expect(file === null || file.startsWith('/srv/app/')).toBe(true);
    }
  });
});
