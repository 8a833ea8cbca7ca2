// Electron's safeStorage as far as Caravan uses it. Its keyring is a file that a test names in the environment and may lock (remove) or renew.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { app } from './app.js';
import { strict } from './strict.js';

/** Without a keyring Electron on Linux says `basic_text`, and encrypts with a password that everybody knows. */
const file = process.env['ELECTRON_DOUBLE_KEYRING'] ?? '';
const PREFIX = Buffer.from('v11');

function keyringKey() {
  const secret = file === '' ? Buffer.from('peanuts') : existsSync(file) ? readFileSync(file) : null;
  if (!secret || !app.isReady()) throw new Error('Error while encrypting: encryption is not available.');
  return createHash('sha256').update(secret).digest();
}

export const safeStorage = strict('safeStorage', {
  isEncryptionAvailable: () => app.isReady() && (file === '' || existsSync(file)),
  getSelectedStorageBackend: () => (!app.isReady() ? 'unknown' : file === '' ? 'basic_text' : 'gnome_libsecret'),
  /** @param {string} text */
  encryptString(text) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', keyringKey(), iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([PREFIX, iv, cipher.getAuthTag(), sealed]);
  },
  /** @param {Buffer} bytes */
  decryptString(bytes) {
    if (!bytes.subarray(0, 3).equals(PREFIX)) throw new Error('Error while decrypting the ciphertext.');
    const decipher = createDecipheriv('aes-256-gcm', keyringKey(), bytes.subarray(3, 15));
    decipher.setAuthTag(bytes.subarray(15, 31));
    return Buffer.concat([decipher.update(bytes.subarray(31)), decipher.final()]).toString('utf8');
  },
});
