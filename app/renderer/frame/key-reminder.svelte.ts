// Whether to remind of a recovery key: the owner of a workspace with a relay, until a tested one is there.
import { askAccess } from '../connection/access-call.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import type { WorkspaceView } from '../connection/host-views.svelte.ts';

export interface KeyReminder {
  readonly due: boolean;
  /** Something about the key changed. */
  look(): void;
}

/** Only while a component is being set up; it asks when the membership changes, and says nothing while it does not know. */
export function keyReminder(connection: HostConnection, view: WorkspaceView): KeyReminder {
  let missing = $state(false);
  let round = 0;

  async function look(): Promise<void> {
    const mine = ++round;
    try {
      const { made, tested } = await askAccess(connection, 'recovery.state', { workspace: view.id });
      if (mine === round) missing = !made || !tested;
    } catch {
      if (mine === round) missing = false; // Without an answer there is nothing to remind of; the settings say why.
    }
  }

  /** Where there is a relay somebody could come back to, and I am the one who decides. */
  const wanted = $derived(view.entry?.mine === 'member' && view.entry.relay !== null && view.entry.role === 'owner');
  $effect(() => {
    void view.members;
    if (wanted) void look();
  });

  return {
    get due() {
      return wanted && missing;
    },
    look: () => void look(),
  };
}
