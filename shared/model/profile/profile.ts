// A member's profile and the workspace's own document (docs/documents.md, DN3 and DN4): names that people see.
import type * as Y from 'yjs';
import { createDocument } from '../document/commands.ts';
import { readMeta } from '../document/meta.ts';
import { readTitle } from '../document/title.ts';

export function profileRoom(workspace: string, member: string): string {
  return `${workspace}/@${member}/profile`;
}

export function workspaceRoom(workspace: string): string {
  return `${workspace}/@workspace/about`;
}

interface Begun {
  readonly title: string;
  readonly createdBy: string;
  readonly createdAt: number;
}

export function createProfile(doc: Y.Doc, profile: Begun, origin: unknown = null): void {
  createDocument(doc, { kind: 'profile', ...profile }, origin);
}

export function createWorkspaceAbout(doc: Y.Doc, about: Begun, origin: unknown = null): void {
  createDocument(doc, { kind: 'workspace', ...about }, origin);
}

/** The name, or null while the profile has not arrived. */
export function readProfileName(doc: Y.Doc): string | null {
  return readMeta(doc)?.kind === 'profile' ? readTitle(doc) : null;
}

/** The workspace's title, or null while it has not arrived. */
export function readWorkspaceTitle(doc: Y.Doc): string | null {
  return readMeta(doc)?.kind === 'workspace' ? readTitle(doc) : null;
}
