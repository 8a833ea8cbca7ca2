// A SegmentSigner with a fresh key, for hubs under test.
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type { SegmentSigner } from '../../shared/hub/history/segment-signer.ts';
import { segmentSigner } from '../../shared/node/segment-signer.ts';

export async function testSigner(): Promise<SegmentSigner> {
  return segmentSigner(await createDeviceKey());
}
