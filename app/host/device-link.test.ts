// The two codes of a second computer: what they carry, and that nothing else passes for them.
import { describe, expect, it } from 'vitest';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import { hashRecord } from '../../shared/access/membership-log.ts';
import { fromBase64url, toBase64url } from '../../shared/base/encoding.ts';
import { deviceCode, formatDeviceLink, parseDeviceLink, readDeviceCode } from './device-link.ts';

const link = async () => ({
  relay: 'wss://relay.example',
  workspace: (await hashRecord('w')).replace(/^-/, 'A'),
  member: (await hashRecord('m')).replace(/^-/, 'A'),
  title: 'Ärger & Co #1',
});

describe('the link and the code of a second computer', () => {
  it('goes there and back, and the code holds for this member in this workspace alone', async () => {
    const said = parseDeviceLink(` ${formatDeviceLink(await link())}\n`);
    expect(said).toEqual(await link());
    const key = await createDeviceKey();
    const code = await deviceCode(key, said);
    const broken = code.replace(/(.{40})/g, '$1\n');
    expect(await readDeviceCode(broken, said.workspace, said.member)).toMatchObject({
      id: key.id,
      device: key.publicKey,
    });
    await expect(readDeviceCode(code, said.workspace, said.workspace)).rejects.toThrow(
      'another workspace or another person',
    );
    await expect(readDeviceCode(code, said.member, said.member)).rejects.toThrow('Nothing was changed');
  });

  it('takes a key that signed, and no other one put in its place', async () => {
    const said = await link();
    const [mine, other] = [await createDeviceKey(), await createDeviceKey()];
    const bytes = fromBase64url((await deviceCode(mine, said)).slice('caravan-device:'.length))!;
    bytes.set(fromBase64url(other.publicKey.x)!, 1);
    const forged = `caravan-device:${toBase64url(bytes)}`;
    await expect(readDeviceCode(forged, said.workspace, said.member)).rejects.toThrow('another person');
  });

  it.each([
    ['', 'caravan://device#'],
    ['caravan://join#v=1', 'caravan://device#'],
    ['caravan://device#v=2&relay=ws://r', 'newer version'],
    ['caravan://device#v=1&relay=ws://r&workspace=x&member=y&title=', 'missing or cut'],
    ['caravan://device#v=1&v=1', 'twice'],
    ['caravan://device#v=1&steal=1', 'does not know'],
  ])('refuses the link %s', (text, why) => {
    expect(() => parseDeviceLink(text)).toThrow(why);
  });

  it.each(['', 'caravan-device:', 'caravan-device:AAAA', 'caravan-device:!!!', `caravan-device:${'A'.repeat(130)}`])(
    'refuses the code %s',
    async (text) => {
      const { workspace, member } = await link();
      await expect(readDeviceCode(text, workspace, member)).rejects.toThrow('Nothing was changed');
    },
  );
});
