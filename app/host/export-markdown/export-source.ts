// What an export is given, and the files that it gives: types alone.
import type { RoomDocuments } from '../room-documents.ts';
import type { ExportEntry } from './export-plan.ts';

/** A space as the catalogue knows it. Pages and boards; each stands in it once. */
export interface ExportSpace {
  readonly id: string;
  readonly name: string;
  readonly pages: readonly (Omit<ExportEntry, 'sourcePath'> & {
    readonly room: string;
    readonly archivedAt?: number | undefined;
    /** Of a board: the rooms of the documents of its cards. */
    readonly cards?: readonly string[] | undefined;
  })[];
  /** Its threads; left out: none. */
  readonly threads?: readonly { readonly id: string; readonly title: string; readonly room: string }[];
  readonly purpose?: string;
  /** Whoever exports manages the space. */
  readonly manages?: boolean;
}

export type ExportedFile =
  | {
      readonly path: string;
      readonly text: string;
      /** Belongs to another file, and is no page or board by itself. */
      readonly beside?: true;
      /** As the manifest keeps it. */
      readonly archived?: { readonly at: number; readonly below: string | null };
    }
  /** An attachment; `name` is what the pages call it. */
  | { readonly path: string; readonly name: string; readonly size: number; readonly bytes: AsyncIterable<Uint8Array> };

/** What an export needs of attachments: null where the bytes are not here. */
export type OpenAttachment = (
  room: string,
  blob: string,
) => Promise<{ readonly size: number; read(start: number, end: number): AsyncIterable<Uint8Array> } | null>;

/** What Markdown could not say; the page is there without it. */
export interface ExportProblem {
  readonly path: string;
  readonly reason: string;
}

export interface ExportSource {
  readonly spaces: readonly ExportSpace[];
  /** They are all of a workspace: then the export says which they are, so that an import can make them. */
  readonly whole?: boolean;
  /** The members, with the rooms of their profiles; they go out with the whole. */
  readonly people?: readonly { readonly id: string; readonly name: string; readonly room: string }[];
  readonly documents: Pick<RoomDocuments, 'read'>;
  /** Names of what else pages may lead to: only of what whoever exports may know. */
  readonly names?: {
    pageTitle(page: string): string | null;
    memberName(member: string): string | null;
  };
  /** Left out: pages alone. */
  readonly attachments?: OpenAttachment;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, path: string) => void;
}
