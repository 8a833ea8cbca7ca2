// The secret by which members of one workspace recognise each other where there is no relay. It proves no device, and what is said under it is not here.
import { utf8 } from '../base/encoding.ts';

const PURPOSE = 'caravan meeting key v1';

/**
 * 32 bytes that whoever was ever let into the membership log can compute, and nobody else: the workspace's id, which stands in
 * room names and links, is the hash of the first record, and its text stands nowhere but in the log (PE1).
 * @param firstRecord the compact JWS, as `WorkspaceLog.records[0]`.
 */
export async function meetingKey(firstRecord: string): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' } as const;
  const key = await crypto.subtle.importKey('raw', utf8(firstRecord), algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(PURPOSE)));
}
