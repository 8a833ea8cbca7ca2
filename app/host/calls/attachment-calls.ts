// Calls about attachments: adding a file in pieces, and how each one is.
import type { CallHandlers } from '../call-handlers.ts';

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
} satisfies Partial<CallHandlers>;
