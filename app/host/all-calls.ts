// Every call of the contract with its handler; the compiler tells when one is missing.
import type { CallHandlers } from './call-handlers.ts';
import { accessCalls } from './calls/access-calls.ts';
import { attachmentCalls } from './calls/attachment-calls.ts';
import { asideCalls } from './calls/aside-calls.ts';
import { boardCalls } from './calls/board-calls.ts';
import { bookmarkCalls } from './calls/bookmark-calls.ts';
import { bundleCalls } from './calls/bundle-calls.ts';
import { communityCalls } from './calls/community-calls.ts';
import { copyCalls } from './calls/copy-calls.ts';
import { deviceCalls } from './calls/device-calls.ts';
import { digestCalls } from './calls/digest-calls.ts';
import { documentCalls } from './calls/document-calls.ts';
import { historyCalls } from './calls/history-calls.ts';
import { favouriteCalls } from './calls/favourite-calls.ts';
import { homeCalls } from './calls/home-calls.ts';
import { inboxCalls } from './calls/inbox-calls.ts';
import { insightCalls } from './calls/insight-calls.ts';
import { leavingCalls } from './calls/leaving-calls.ts';
import { linkCalls } from './calls/link-calls.ts';
import { logCalls } from './calls/log-calls.ts';
import { lostCalls } from './calls/lost-calls.ts';
import { movingCalls } from './calls/moving-calls.ts';
import { notifyCalls } from './calls/notify-calls.ts';
import { overlapCalls } from './calls/overlap-calls.ts';
import { pageHistoryCalls } from './calls/page-history-calls.ts';
import { peerCalls } from './calls/peer-calls.ts';
import { peopleCalls } from './calls/people-calls.ts';
import { purgeCalls } from './calls/purge-calls.ts';
import { receiptCalls } from './calls/receipt-calls.ts';
import { recoveredCalls } from './calls/recovered-calls.ts';
import { recoveryKeyCalls } from './calls/recovery-key-calls.ts';
import { searchCalls } from './calls/search-calls.ts';
import { seenCalls } from './calls/seen-calls.ts';
import { sendingCalls } from './calls/sending-calls.ts';
import { settingsCalls } from './calls/settings-calls.ts';
import { spaceCalls } from './calls/space-calls.ts';
import { systemCalls } from './calls/system-calls.ts';
import { teamCalls } from './calls/team-calls.ts';
import { threadCalls } from './calls/thread-calls.ts';
import { tidyingCalls } from './calls/tidying-calls.ts';
import { transferCalls } from './calls/transfer-calls.ts';
import { travelCalls } from './calls/travel-calls.ts';
import { trelloCalls } from './calls/trello-calls.ts';
import { workspaceCalls } from './calls/workspace-calls.ts';

export const CALL_HANDLERS: CallHandlers = {
  ...workspaceCalls,
  ...settingsCalls,
  ...accessCalls,
  ...spaceCalls,
  ...communityCalls,
  ...homeCalls,
  ...inboxCalls,
  ...digestCalls,
  ...insightCalls,
  ...deviceCalls,
  ...documentCalls,
  ...boardCalls,
  ...bookmarkCalls,
  ...bundleCalls,
  ...copyCalls,
  ...sendingCalls,
  ...favouriteCalls,
  ...historyCalls,
  ...notifyCalls,
  ...overlapCalls,
  ...pageHistoryCalls,
  ...searchCalls,
  ...seenCalls,
  ...leavingCalls,
  ...linkCalls,
  ...logCalls,
  ...lostCalls,
  ...movingCalls,
  ...peerCalls,
  ...peopleCalls,
  ...purgeCalls,
  ...receiptCalls,
  ...recoveredCalls,
  ...recoveryKeyCalls,
  ...asideCalls,
  ...attachmentCalls,
  ...teamCalls,
  ...threadCalls,
  ...tidyingCalls,
  ...transferCalls,
  ...travelCalls,
  ...trelloCalls,
  ...systemCalls,
};
