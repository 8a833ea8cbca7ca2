// How people, pages and files are written in the Markdown of posts (docs/documents.md, TH14), and which files it names. Pure.
import { isBlobName } from '../../base/blob-name.ts';

/** A person, by the name that they have now. */
export function mentionText(member: string, name: string): string {
  return `[@${label(name)}](member:${member})`;
}

/** A day, as `YYYY-MM-DD`. */
export function dayText(date: string): string {
  return `[${date}](date:${date})`;
}

/** Another document, shown by the title that it has when it is read; a link with one pair of brackets keeps its words. */
export function pageText(page: string, title: string): string {
  return `[[${label(title) || 'Untitled'}]](page:${page})`;
}

/** The title inside the second brackets; null for other words. */
export function titleInBrackets(words: string): string | null {
  return /^\[[^\n]+\]$/.test(words) ? words.slice(1, -1) : null;
}

/** An attachment; a picture is shown in its place. */
export function fileText(blob: string, name: string, picture: boolean): string {
  return `${picture ? '!' : ''}[${label(name) || (picture ? 'Picture' : 'File')}](blob:${blob})`;
}

/** One line between brackets that means itself. */
function label(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/[\\[\]<>`*_&!~]/g, '\\$&')
    .trim();
}

export interface NamedBlob {
  readonly blob: string;
  readonly name: string;
}

const FILE = /\[((?:[^\]\\\n]|\\.){0,500})\]\(blob:([0-9a-f]{64})\)/g;
const MOST_FILES = 500;

/** The attachments that a text names, in their order. */
export function blobsInText(text: string): readonly NamedBlob[] {
  const found: NamedBlob[] = [];
  if (!text.includes('](blob:')) return found;
  for (const [, name = '', blob = ''] of text.matchAll(FILE)) {
    if (found.length >= MOST_FILES) break;
    if (isBlobName(blob)) found.push({ blob, name: name.replace(/\\(.)/g, '$1') });
  }
  return found;
}
