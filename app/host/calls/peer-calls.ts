// Calls about members' computers beside this one.
import type { CallHandlers } from '../call-handlers.ts';

export const peerCalls = {
  async 'peers.list'(host, { workspace }) {
    return host.nearby.here(host.workspaces.get(workspace));
  },
  async 'peers.code'(host, { workspace, fresh }) {
    return host.nearby.code(host.workspaces.get(workspace), fresh ?? false);
  },
  async 'peers.connect'(host, { workspace, ...typed }) {
    return host.nearby.connect(host.workspaces.get(workspace), typed);
  },
  async 'peers.settings'(host, { workspace }) {
    return { discover: host.settings.discovers(host.workspaces.get(workspace).id) };
  },
  async 'peers.setSettings'(host, { workspace, discover }) {
    await host.nearby.setDiscovers(host.workspaces.get(workspace), discover);
    return {};
  },
} satisfies Partial<CallHandlers>;
