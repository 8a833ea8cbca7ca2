// The attributes that new text is stored with. It writes nothing.
import type { Fragment as Inlines, Mark } from 'prosemirror-model';
import {
  NO_ATTRIBUTES,
  withAttribute,
  type Attributes,
  type Fragment,
} from '../../../../shared/model/page/fragments.ts';
import { marksOf } from '../../../../shared/model/page/view-blocks.ts';
import { wellFormed } from '../../../../shared/model/page/write.ts';
import type { Mirror } from './mirror.ts';
import { storedMark } from './nodes.ts';

/** The text of a new block, with the marks that the editor shows. */
export function newRuns(content: Inlines): { insert: string; attributes: Attributes }[] {
  const runs: { insert: string; attributes: Attributes }[] = [];
  content.forEach(({ text, marks }) => {
    if (text === undefined) return;
    let attributes = NO_ATTRIBUTES;
    for (const mark of marks) attributes = withAttribute(attributes, ...storedMark(mark));
    runs.push({ insert: wellFormed(text), attributes });
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
