// Calls about members' computers beside this one: who is here, the switch for looking, and the code where no announcement gets through.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const name = z.string().max(2_000);
const inWorkspace = z.object({ workspace: id });
const none = z.object({});

/** As `LookingState` of the host says them, and `links-off` while all links are off to try that out. */
export const LOOKING = ['off', 'links-off', 'no-network', 'looking', 'quiet', 'blocked'] as const;
export type Looking = (typeof LOOKING)[number];

export const PEER_STATES = ['linked', 'connecting', 'seen', 'refused'] as const;

export const peerEntry = z.object({
  device: id,
  /** What it is called; empty until it has arrived. */
  name,
  member: id,
  /** Empty until it has arrived. */
  memberName: name,
  /** Another computer of mine. */
  me: z.boolean(),
  state: z.enum(PEER_STATES),
  /** Since when it is in this state. */
  since: z.number(),
  /** Where it is, as `192.168.1.7:4712`; null: not known. */
  address: z.string().max(100).nullable(),
  /** It came by a code, or was gone to by one; else it was found on the network. */
  byCode: z.boolean(),
  /** What went wrong last; null: nothing. */
  why: z.string().max(2_000).nullable(),
});
export type PeerEntry = z.infer<typeof peerEntry>;

export const peersHere = z.object({
  /** Whether this computer looks for teammates' computers in this workspace, and says that it is here. */
  discover: z.boolean(),
  looking: z.enum(LOOKING),
  /** This computer cannot be reached by others: no port is open here. */
  closed: z.boolean(),
  peers: z.array(peerEntry),
});
export type PeersHere = z.infer<typeof peersHere>;

export const peerCode = z.object({
  /** `KX4T-9M2P`. */
  code: z.string().max(20),
  /** `192.168.43.1:4712`, the likeliest first. */
  addresses: z.array(z.string().max(100)),
  /** All of it as one text; windows draw it as a QR code. */
  link: z.string().max(2_000),
  until: z.number(),
});
export type PeerCode = z.infer<typeof peerCode>;

export const peerSettings = z.object({ discover: z.boolean() });

export const PEER_CALLS = {
  /** Who is here; `peers` is announced when it becomes different. */
  'peers.list': { params: inWorkspace, result: peersHere },
  /** The code that holds, or a new one; `fresh`: in place of that. Ten minutes, for one computer. */
  'peers.code': { params: inWorkspace.extend({ fresh: z.boolean().optional() }), result: peerCode },
  /** Goes to a computer by the link that it shows, or by an address and its code; tells who is linked then. */
  'peers.connect': {
    params: inWorkspace.extend({
      link: z.string().max(2_000).optional(),
      address: z.string().max(200).optional(),
      code: z.string().max(100).optional(),
    }),
    result: peerEntry,
  },
  'peers.settings': { params: inWorkspace, result: peerSettings },
  /** Of this computer, in this workspace. Off: nothing is announced, and nobody comes in without a code. */
  'peers.setSettings': { params: inWorkspace.extend({ discover: z.boolean() }), result: none },
} as const;
