import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { meetingKey } from './meeting-key.ts';

it('[PE1] is an HMAC over its purpose, keyed by the text of the first record', async () => {
  const first = 'header.payload.signature';
  const expected = createHmac('sha256', first).update('caravan meeting key v1').digest();
  expect(Buffer.from(await meetingKey(first))).toEqual(expected);
  expect(await meetingKey('another')).not.toEqual(await meetingKey(first));
});
