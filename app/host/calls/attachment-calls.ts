// Calls about attachments: adding a file in pieces, and how each one is.
import { AppError } from '../../../shared/base/app-error.ts';
import { holdersOfBlob } from '../attachments/blob-holders.ts';
import type { CallHandlers } from '../call-handlers.ts';

/** What one answer carries. */
const PIECE = 1024 * 1024;

export const attachmentCalls = {
  async 'blob.begin'(host, { workspace, space, size }) {
    host.workspaces.get(workspace);
    return { upload: await host.uploads.begin(workspace, space, size) };
  },
  async 'blob.append'(host, { upload, base64 }) {
    return { size: await host.uploads.append(upload, Buffer.from(base64, 'base64')) };
  },
  async 'blob.finish'(host, { upload }) {
    return host.uploads.finish(upload);
  },
  async 'blob.cancel'(host, { upload }) {
    await host.uploads.cancel(upload);
    return {};
  },
  async 'blob.adopt'(host, { workspace, space, blobs }) {
    for (const blob of blobs) await host.attachments.bringAlong(workspace, blob, space);
    return {};
  },
  async 'blob.state'(host, { workspace, space, blobs }) {
    return Promise.all(blobs.map((blob) => host.attachments.state({ workspace, space, blob })));
  },
  async 'blob.holders'(host, at) {
    host.workspaces.get(at.workspace);
    if (!host.attachments.mayHave(at)) {
      throw new AppError('not-found', 'This space is not here, or is not yours to read. Nothing was changed.');
    }
    return holdersOfBlob(host, at);
  },
  async 'blob.read'(host, { workspace, space, blob, start, end }) {
    const open = await host.attachments.open({ workspace, space, blob });
    if (!open) throw new AppError('not-found', 'This file is not on this computer. Nothing was changed.');
    if (end - start > PIECE) throw new AppError('too-large', 'A piece of a file has at most one MiB.');
    const parts: Uint8Array[] = [];
    for await (const part of open.read(start, Math.min(end, open.size))) parts.push(part);
    return { base64: Buffer.concat(parts).toString('base64') };
  },
  async 'blob.small'(host, at) {
    const bytes = await host.smallPictures.get(at);
    return { base64: bytes && Buffer.from(bytes).toString('base64') };
  },
  async 'blob.keepSmall'(host, { base64, ...at }) {
    return { kept: await host.smallPictures.keep(at, Buffer.from(base64, 'base64')) };
  },
} satisfies Partial<CallHandlers>;
