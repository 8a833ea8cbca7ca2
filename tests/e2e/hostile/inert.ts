// What must never be in a window, whoever wrote the page: elements and attributes that run or fetch. It looks, and changes nothing.
import type { Page } from '@playwright/test';

/** Empty when nothing in the document can run or ask for anything that the app did not bring. */
export function active(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const note = (element: Element, why: string): void => {
      found.push(`${why}: ${element.outerHTML.slice(0, 120)}`);
    };
    const foreign = (address: string): boolean => {
      const { origin, protocol } = new URL(address, location.href);
      return origin !== location.origin && protocol !== 'data:' && protocol !== 'blob:';
    };
    for (const element of document.querySelectorAll('*')) {
      const name = element.localName;
      if (['iframe', 'object', 'embed', 'base', 'meta[http-equiv]', 'foreignobject', 'animate', 'set'].includes(name)) {
        note(element, 'element');
      }
      if (name === 'script' && foreign((element as HTMLScriptElement).src || 'x:inline')) note(element, 'script');
      if (name === 'style' && /url\(|expression|@import/.test(element.textContent)) note(element, 'style');
      for (const { name: attribute, value } of element.attributes) {
        if (/^on/i.test(attribute) || attribute === 'srcdoc' || attribute === 'ping') note(element, attribute);
        if (attribute === 'style' && /url\(|expression|import/i.test(value)) note(element, 'style');
        if (attribute === 'srcset' || (attribute === 'background' && value !== '')) note(element, attribute);
        if (['src', 'data', 'poster', 'action', 'formaction'].includes(attribute) && foreign(value))
          note(element, attribute);
        if (!attribute.endsWith('href')) continue;
        const { protocol } = new URL(value, location.href);
        if (name === 'a' ? !['http:', 'https:', 'mailto:', 'page:', 'blob:'].includes(protocol) : foreign(value)) {
          note(element, 'href');
        }
      }
    }
    return found;
  });
}
