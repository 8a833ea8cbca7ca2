// An announcement as DNS records (RFC 6763), and a total reader of what others sent (PE43). It sends nothing and believes nothing.
import { randomBytes } from 'node:crypto';
import { LIMITS } from '../../../../shared/protocol/limits.ts';
import { isTag } from './day-tags.ts';

/** The service, as it stands on every network where somebody uses Caravan: it says no more than that. */
export const SERVICE = '_caravan._tcp.local';

export const ANNOUNCEMENT_VERSION = 1;
/** Seconds for which an announcement holds unless it is repeated. */
export const HOLDS = 180;

/** Of one announcement; what is beyond is not looked at. */
const MOST_TEXTS = 8;
const LONGEST_TEXT = 64;
const LONGEST_NAME = 255;

/** What one computer says of itself for one workspace. */
export interface Announcement {
  /** Random and made anew with the tags: names of instance and host. */
  readonly name: string;
  readonly port: number;
  readonly workspace: string;
  readonly device: string;
}

export interface HeardAnnouncement extends Announcement {
  /** Addresses as they were said, not yet looked at. */
  readonly addresses: readonly string[];
  /** It takes itself back. */
  readonly goodbye: boolean;
}

export interface ServiceRecord {
  readonly name: string;
  readonly type: 'PTR' | 'SRV' | 'TXT' | 'A' | 'AAAA';
  readonly ttl: number;
  readonly flush?: boolean;
  readonly data: unknown;
}

export interface ServicePacket {
  readonly answers: readonly ServiceRecord[];
  readonly additionals: readonly ServiceRecord[];
}

export function freshName(): string {
  return randomBytes(12).toString('hex');
}

/** @param addresses of the interface on which it is said. */
export function recordsOf(announcement: Announcement, addresses: readonly string[], ttl = HOLDS): ServicePacket {
  const { name, port, workspace, device } = announcement;
  const instance = `${name}.${SERVICE}`;
  const host = `${name}.local`;
  const texts = [`v=${ANNOUNCEMENT_VERSION}`, `w=${workspace}`, `d=${device}`];
  return {
    answers: [
      { name: SERVICE, type: 'PTR', ttl, data: instance },
      { name: instance, type: 'SRV', ttl, flush: true, data: { priority: 0, weight: 0, port, target: host } },
      { name: instance, type: 'TXT', ttl, flush: true, data: texts.map((text) => Buffer.from(text)) },
    ],
    additionals: addresses.map((address) => ({
      name: host,
      type: address.includes(':') ? 'AAAA' : 'A',
      ttl,
      flush: true,
      data: address,
    })),
  };
}

/** Whether somebody wants to know who is here, or what one of `names` is. */
export function asksForUs(packet: unknown, names: ReadonlySet<string>): boolean {
  return listIn(packet, 'questions').some((question) => {
    const name = nameIn(question['name']);
    return name === SERVICE || (name !== null && names.has(name.split('.', 1)[0] ?? ''));
  });
}

/** What a response announces of Caravan. Total, whatever the packet is. */
export function readAnnouncements(packet: unknown): readonly HeardAnnouncement[] {
  const records = [...listIn(packet, 'answers'), ...listIn(packet, 'additionals')].slice(0, LIMITS.announcedRecords);
  const of = (type: string, name: string): Record<string, unknown>[] =>
    records.filter((record) => record['type'] === type && nameIn(record['name']) === name);
  const heard: HeardAnnouncement[] = [];
  for (const pointer of of('PTR', SERVICE)) {
    const instance = nameIn(pointer['data']);
    if (heard.length === LIMITS.announcements || instance === null || !instance.endsWith(`.${SERVICE}`)) continue;
    const service = of('SRV', instance)[0];
    const texts = textsIn(of('TXT', instance)[0]?.['data']);
    const place = isRecord(service?.['data']) ? service['data'] : {};
    const { port } = place;
    const [workspace, device] = [texts.get('w'), texts.get('d')];
    if (texts.get('v') !== String(ANNOUNCEMENT_VERSION) || !isTag(workspace) || !isTag(device) || !isPort(port)) {
      continue;
    }
    const target = nameIn(place['target']) ?? '';
    const addresses = [...of('A', target), ...of('AAAA', target)]
      .flatMap(({ data }) => (typeof data === 'string' && data.length < LONGEST_TEXT ? [data] : []))
      .slice(0, LIMITS.announcedAddresses);
    const name = instance.slice(0, -SERVICE.length - 1);
    heard.push({ name, port, workspace, device, addresses, goodbye: pointer['ttl'] === 0 || service?.['ttl'] === 0 });
  }
  return heard;
}

function textsIn(data: unknown): Map<string, string> {
  const texts = new Map<string, string>();
  if (!Array.isArray(data)) return texts;
  for (const piece of data.slice(0, MOST_TEXTS) as unknown[]) {
    if (!(piece instanceof Uint8Array) || piece.length > LONGEST_TEXT) continue;
    const text = Buffer.from(piece).toString('latin1');
    const at = text.indexOf('=');
    // The first of a key counts (RFC 6763, section 6.4).
    if (at > 0 && !texts.has(text.slice(0, at))) texts.set(text.slice(0, at), text.slice(at + 1));
  }
  return texts;
}

function listIn(packet: unknown, field: string): Record<string, unknown>[] {
  const list = isRecord(packet) ? packet[field] : null;
  return Array.isArray(list) ? (list.slice(0, LIMITS.announcedRecords) as unknown[]).filter(isRecord) : [];
}

/** Names are compared without regard to case (RFC 6762, section 16). */
function nameIn(value: unknown): string | null {
  return typeof value === 'string' && value.length <= LONGEST_NAME ? value.toLowerCase() : null;
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 65_535;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
