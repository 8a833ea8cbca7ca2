// Going to a computer that shows a code: what was typed, made a place, and each address tried until one leads there. What went wrong is said so that somebody can mend it.
import { AppError } from '../../../shared/base/app-error.ts';
import { believedDays, workspaceTag } from './discovery/day-tags.ts';
import { neighboursOf, type LocalNetwork } from './discovery/local-networks.ts';
import type { PeerAddress, PeerExpectation } from './peer-connection.ts';
import { parsePeerLink } from './peer-link-text.ts';
import { readCode } from './shown-codes.ts';
import { formatAddress, readAddress } from './typed-address.ts';

/** A link, or an address and a code. */
export interface Typed {
  readonly link?: string | undefined;
  readonly address?: string | undefined;
  readonly code?: string | undefined;
}

export interface WantedPlace {
  readonly addresses: readonly PeerAddress[];
  readonly expected: PeerExpectation & { readonly code: string };
}

export interface WantedFrom {
  readonly workspace: string;
  /** This device's id. */
  readonly device: string;
  /** Of all workspaces here. */
  readonly keys: readonly { readonly id: string; readonly meetingKey: Uint8Array }[];
  readonly now: number;
  readonly networks: readonly LocalNetwork[];
}

/** Throws `bad-input` or `too-new`: nothing was asked of anybody yet. */
export function wantedPlace({ link, address = '', code = '' }: Typed, from: WantedFrom): WantedPlace {
  // Who copies the whole of it need not know which field is for what.
  const whole = link ?? [address, code].find((text) => text.trim().startsWith('caravan:'));
  if (whole !== undefined) return placeOfLink(whole, from);
  const read = readAddress(address);
  if (!read) {
    throw new AppError(
      'bad-input',
      `"${address.trim().slice(0, 100)}" is not an address. Nothing was changed. It looks like 192.168.43.1:4712, with the number behind the colon.`,
      { details: { part: 'address' } },
    );
  }
  const plain = readCode(code);
  if (plain === null) {
    throw new AppError(
      'bad-input',
      'This is not a code. Nothing was changed. It has eight letters and digits, such as KX4T-9M2P; your colleague’s Caravan shows it.',
      { details: { part: 'code' } },
    );
  }
  return { addresses: [read], expected: { code: plain } };
}

function placeOfLink(text: string, { workspace, device, keys, now, networks }: WantedFrom): WantedPlace {
  const link = parsePeerLink(text);
  const whose = keys.find(({ meetingKey }) =>
    believedDays(now).some((day) => workspaceTag(meetingKey, day) === link.workspaceTag),
  );
  if (whose?.id !== workspace) {
    throw new AppError(
      'bad-input',
      whose
        ? 'This link is for another of your workspaces. Nothing was changed. Open that workspace, and enter the link there.'
        : 'This link is for another workspace, or is of another day. Nothing was changed. Ask for the one that your colleague’s Caravan shows now, in this workspace.',
    );
  }
  if (link.device === device) {
    throw new AppError(
      'bad-input',
      'This is the link of this computer itself. Nothing was changed. Enter it on the other one.',
    );
  }
  const near = neighboursOf(networks);
  const [lan] = networks;
  const isNear = ({ host }: PeerAddress): boolean => lan !== undefined && near(host, lan) !== null;
  const addresses = [...link.addresses].sort((a, b) => Number(isNear(b)) - Number(isNear(a)));
  return { addresses, expected: { code: link.code, device: link.device } };
}

/** One after the other: whoever is there lets in or does not, and the code is for one try that counts. */
export async function goThere<T>(
  { addresses, expected }: WantedPlace,
  title: string,
  dial: (address: PeerAddress, expected: PeerExpectation) => Promise<T>,
): Promise<T> {
  let strange = false;
  for (const address of addresses) {
    try {
      return await dial(address, expected);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code !== 'unreachable') throw turnedAway(error, address, title);
      strange ||= !isNobody(error.cause);
    }
  }
  const where = addresses.map(formatAddress).slice(0, 3).join(', ');
  throw new AppError(
    'unreachable',
    strange
      ? `Something answers at ${where}, but it is not Caravan. Nothing was changed. Compare the address, and above all the number behind the colon, with what your colleague sees.`
      : `No computer answered at ${where}. Nothing was changed. Both must be on the same network or hotspot, Caravan must be open there, and its firewall must let it through. Or let your colleague go the other way, with a code that you show.`,
  );
}

function turnedAway(error: AppError, address: PeerAddress, title: string): AppError {
  if (error.code !== 'not-allowed') return error;
  return new AppError(
    'not-allowed',
    `The computer at ${formatAddress(address)} did not let this one in. Nothing was changed. Its code is another one, or its ten minutes are over, or Caravan there is not in “${title}”. Ask for the code that it shows now.`,
    { cause: error, details: error.details },
  );
}

/** Whether nobody was there, as against somebody who speaks something else. */
function isNobody(cause: unknown): boolean {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  const message = cause instanceof Error ? cause.message : '';
  return (
    ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL', 'EHOSTDOWN', 'EINVAL'].includes(
      String(code),
    ) || /handshake has timed out/.test(message)
  );
}
