// Pasting into the page and copying out of it, in a real browser. A title carries the line that its test shows.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from './editor-fixture.ts';

/** A paste event with these flavours, as the browser would send it to the text that has the focus. */
const paste = (page: Page, flavours: Record<string, string>) =>
  page.evaluate((data) => {
    const clipboardData = new DataTransfer();
    for (const [type, text] of Object.entries(data)) clipboardData.setData(type, text);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    window.__harness.a.editor.dom.dispatchEvent(event);
  }, flavours);

/** What a copy of the selection would put on the clipboard. */
const copy = (page: Page) =>
  page.evaluate(() => {
    const clipboardData = new DataTransfer();
    const event = new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true });
    window.__harness.a.editor.dom.dispatchEvent(event);
    return { text: clipboardData.getData('text/plain'), html: clipboardData.getData('text/html') };
  });

test('[W6] Markdown becomes blocks, in an empty paragraph and in the middle of a line', async ({ page, a }) => {
  await a.focusStart();
  await paste(page, { 'text/plain': '# Plan\n\n- one\n  - two\n- [x] done\n\n> said\n\n```ts\nlet a;\n```' });
  const blocks = ['h1 Plan', 'bullet one', '.bullet two', 'checked done', 'quote said', 'code let a;'];
  await a.expectLines(blocks);
  await page.keyboard.press('Control+z');
  expect((await a.shown()).join()).toBe('paragraph');
  await page.evaluate(() => window.__harness.fill('left right'));
  await a.select(0, 5);
  await paste(page, { 'text/plain': 'in\n\n- item\n\nout ' });
  await a.expectLines(['paragraph left in', 'bullet item', 'paragraph outright']);
  await page.keyboard.type('|');
  await a.expectLines(['paragraph left in', 'bullet item', 'paragraph out|right']);
});

test('[W6] HTML of a browser and of office programs becomes clean blocks', async ({ page, a }) => {
  await a.focusStart();
  await paste(page, {
    'text/plain': 'ignored',
    'text/html': `<html><head><style>p{color:red}</style></head><body><!--StartFragment-->
      <h2 style="color:red">Title <script>alert(1)</script></h2>
      <p>Some <b>bold</b>, <span style="font-style:italic">italic</span> and
         <a href="https://example.org/" onclick="x()">linked</a> <a href="javascript:alert(1)">text</a>.</p>
      <ul><li><p>one</p><ul><li>two<br>lines</li></ul></li><li><input type="checkbox" checked> three</li></ul>
      <blockquote><p>said</p></blockquote>
      <ol><li>first</li></ol><hr>
      <p class="MsoListParagraph" style="margin-left:.5in;mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·&nbsp;</span>word item</p>
      <pre><code class="language-js">let  a;
let b;</code></pre>
      <table><tr><th>Date</th><th>By</th></tr><tr><td>3 Nov</td><td>Ana | Bo</td></tr></table>
      <img src="https://example.org/x.png" alt="A mast" onerror="alert(2)">
      <!--EndFragment--></body></html>`,
  });
  await a.expectLines([
    'h2 Title',
    'paragraph Some bold, italic and linked text.',
    'bullet one',
    '.bullet two\nlines',
    'checked three',
    'quote said',
    'ordered first',
    'divider',
    'bullet word item',
    'code let  a;\nlet b;',
    'table Date\tBy\n3 Nov\tAna | Bo',
    'paragraph A mast',
  ]);
  const links = await a.text.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  expect(links).toEqual(['https://example.org/', 'https://example.org/x.png']);
  await expect(a.text.locator('strong')).toHaveText('bold');
  await expect(a.text.locator('em')).toHaveText('italic');
});

test('[W6] Ctrl+Shift+V is plain, code takes text as it is', async ({ page, a }) => {
  await a.focusStart();
  const flavours = { 'text/plain': '# not a heading\nsecond', 'text/html': '<h1>heading</h1>' };
  await a.text.evaluate((element) =>
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'V', ctrlKey: true, shiftKey: true, bubbles: true })),
  );
  await paste(page, flavours);
  await a.expectLines(['paragraph # not a heading', 'paragraph second']);
  await page.evaluate(() => window.__harness.a.editor.focusBelow());
  await page.keyboard.type('```');
  await paste(page, { 'text/plain': '- a\n\n- b', 'text/html': '<p>x</p>' });
  await a.expectLines(['paragraph # not a heading', 'paragraph second', 'code - a\n\n- b']);
});

test('[W6] an address over a selection becomes a link, a dangerous one stays text', async ({ page, a }) => {
  await page.evaluate(() => window.__harness.fill('see the manual'));
  await a.select(0, 8, 14);
  await paste(page, { 'text/plain': 'https://example.org/manual' });
  await a.expectLines(['paragraph see the manual']);
  await expect(a.text.locator('a')).toHaveAttribute('href', 'https://example.org/manual');
  await a.select(0, 0, 3);
  await paste(page, { 'text/plain': 'javascript:alert(1)' });
  await a.expectLines(['paragraph javascript:alert(1) the manual']);
  await expect(a.text.locator('a')).toHaveCount(1);
});

test('[W6] what is copied comes back the same here, and is Markdown and real HTML elsewhere', async ({ page, a }) => {
  const source = '## Title\n\n- one **bold**\n  - two\n\n1. first\n2. second\n\n- [x] done\n\n---\n\n`code` end';
  await page.evaluate((text) => window.__harness.fill(text), source);
  const before = await a.lines();
  await a.select(0, 0);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+a');
  const { text, html } = await copy(page);
  expect(text).toBe('## Title\n\n- one **bold**\n  - two\n1. first\n2. second\n- [x] done\n\n---\n\n`code` end');
  expect(html).toContain('<ol');
  expect(html.match(/<ol/g)).toHaveLength(1);
  expect(html).toContain('<strong>bold</strong>');
  await page.keyboard.press('Delete');
  await paste(page, { 'text/plain': text, 'text/html': html });
  await a.expectLines(before);
});

test('[W6] a word copied out of a heading is a word where it is pasted', async ({ page, a }) => {
  await page.evaluate(() => window.__harness.fill('# Big title\n\nplain'));
  await a.select(0, 0, 3);
  const flavours = await copy(page);
  expect(flavours.text).toBe('Big');
  await a.select(1, 5);
  await paste(page, { 'text/plain': flavours.text, 'text/html': flavours.html });
  await a.expectLines(['h1 Big title', 'paragraph plainBig']);
});

test('[W6] whatever is pasted asks for nothing: a server that it names is never called', async ({ page, a }) => {
  const called: string[] = [];
  const canary = createServer((request, response) => {
    called.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done));
  const at = `http://127.0.0.1:${String((canary.address() as AddressInfo).port)}`;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  try {
    await a.focusStart();
    await paste(page, {
      'text/html': `<base href="${at}/"><link rel="stylesheet" href="${at}/1.css"><link rel="preload" as="image" href="${at}/2">
        <style>@import url(${at}/3.css); p { background: url(${at}/4) }</style><script src="${at}/5.js"></script>
        <p style="background-image: url(${at}/6)">text<img src="${at}/7.png" srcset="${at}/8.png 2x" alt="picture"
        onerror="fetch('${at}/9')"></p><picture><source srcset="${at}/10"><img src="11.png"></picture>
        <iframe src="${at}/12"></iframe><object data="${at}/13"></object><embed src="${at}/14"><video poster="${at}/15"
        src="${at}/16" autoplay></video><audio src="${at}/17"></audio><svg><image href="${at}/18"/><use href="${at}/19#x"/></svg>
        <input type="image" src="${at}/20"><body background="${at}/21"><table background="${at}/22"><tr><td>cell</td></tr></table>
        <a href="${at}/23" ping="${at}/24">link</a><p data-kind="image" data-props='{"blob":"${at}/25","name":"n"}'>n</p>
        <span data-embed='{"type":"page","page":"${at}/26"}'>p</span>`,
    });
    await paste(page, { 'text/plain': `${at}/27` });
    await paste(page, { 'text/plain': `# head\n\n![picture](${at}/28.png) <img src="${at}/29.png">` });
    await expect(a.text).toContainText('picture');
    // One round trip to the browser's network service and back behind all of that.
    await page.evaluate(() => fetch(location.href).then(() => undefined));
    expect(asked.filter((url) => url.startsWith(at))).toEqual([]);
    expect(called).toEqual([]);
  } finally {
    canary.close();
  }
});

test('[X4] Escape, then Tab leaves the text by keyboard', async ({ page, a }) => {
  await a.focusStart();
  await page.keyboard.type('- x');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => window.__harness.a.editor.hasFocus)).toBe(true);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => window.__harness.a.editor.hasFocus)).toBe(false);
});
