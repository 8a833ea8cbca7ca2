// A key and a self-signed certificate for one start of the door: they name nobody, and prove nothing about anybody. It reads no certificate.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface DoorCertificate {
  /** Both as PEM. */
  readonly key: string;
  readonly cert: string;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTC_TIME = 0x17;

/** `ecdsa-with-SHA256` (RFC 5758), already in DER; it has no parameters. */
const ECDSA_SHA256 = Buffer.from([0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]);
/** Issuer and subject (RFC 5280): nobody. */
const NO_NAME = element(SEQUENCE);
/** The same for everybody: a certificate that told when it was made would tell computers apart. */
const VALID = element(SEQUENCE, element(UTC_TIME, text('200101000000Z')), element(UTC_TIME, text('491231235959Z')));

/**
 * An X.509 certificate of version 1 (RFC 5280, section 4.1) over a fresh P-256 key. Who is behind it is proved inside the
 * connection, over a secret that only the two ends of this very connection have.
 */
export function makeDoorCertificate(): DoorCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serial = randomBytes(16);
  // Positive, and never shorter than 16 bytes: DER allows one form of a number only.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const signed = element(SEQUENCE, element(INTEGER, serial), ECDSA_SHA256, NO_NAME, VALID, NO_NAME, spki);
  const signature = sign('sha256', signed, privateKey);
  const certificate = element(SEQUENCE, signed, ECDSA_SHA256, element(BIT_STRING, Buffer.from([0]), signature));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem(certificate) };
}

/** Tag, length and content in DER (X.690). */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

/** Certificates of this kind have some 250 bytes: two bytes of length are enough. */
function length(bytes: number): number[] {
  if (bytes < 0x80) return [bytes];
  return bytes < 0x100 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];
}

function text(value: string): Buffer {
  return Buffer.from(value, 'ascii');
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
