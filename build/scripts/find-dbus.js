// Finds the D-Bus daemon for the spec of real desktop notifications, or installs Debian's where that is allowed. Without it that spec is skipped, and says so.
import { installPackage, onPath } from './find-chromium.js';

/** Never throws. @returns {Promise<boolean>} whether it is there */
export async function dbusForSpecs() {
  if (onPath(['dbus-daemon']) !== null) return true;
  return process.platform === 'linux' && (await installPackage('dbus')) && onPath(['dbus-daemon']) !== null;
}
