// What a template's placeholders become in a page that is made of it (docs/documents.md, PP5). Pure.

export interface Filling {
  readonly title: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** Who makes the page. */
  readonly author: string;
}

/** Fills `{{title}}`, `{{date}}` and `{{author}}`; anything else in braces stays as it is. */
export function fillTemplate(text: string, filling: Filling): string {
  return text.replace(/\{\{\s{0,8}(title|date|author)\s{0,8}\}\}/gi, (_, name: string) => {
    const key = name.toLowerCase() as keyof Filling;
    return filling[key];
  });
}
