// The attributes that new text is stored with. It writes nothing.
import type { Fragment as Inlines, Mark, Node } from 'prosemirror-model';
import {
  NO_ATTRIBUTES,
  withAttribute,
  type Attributes,
  type Fragment,
} from '../../../../shared/model/page/fragments.ts';
import { marksOf } from '../../../../shared/model/page/view-blocks.ts';
import { wellFormed } from '../../../../shared/model/page/well-formed.ts';
import type { Mirror } from './mirror.ts';
import { storedInline, storedMark } from './nodes.ts';

/** What an inline node is stored as: text, or an embed; null for what cannot be written. */
export function insertOf(node: Node): string | object | null {
  return node.text === undefined ? storedInline(node) : wellFormed(node.text);
}

/** The content of a new block, with the marks that the editor shows. */
export function newRuns(content: Inlines): { insert: string | object; attributes: Attributes }[] {
  const runs: { insert: string | object; attributes: Attributes }[] = [];
  content.forEach((node) => {
    const insert = insertOf(node);
    if (insert === null) return;
    let attributes = NO_ATTRIBUTES;
    for (const mark of node.marks) attributes = withAttribute(attributes, ...storedMark(mark));
    runs.push({ insert, attributes });
  });
  return runs;
}

/** The marks that the editor shows, on top of attributes that this version does not know and the text before carries. */
export function typedAttributes(mirror: Mirror, fragment: Fragment, raw: number, marks: readonly Mark[]): Attributes {
  let attributes = raw > 0 ? mirror.attributesBefore(fragment, raw) : NO_ATTRIBUTES;
  for (const key of Object.keys(marksOf(attributes))) attributes = withAttribute(attributes, key, null);
  for (const mark of marks) attributes = withAttribute(attributes, ...storedMark(mark));
  return attributes;
}
