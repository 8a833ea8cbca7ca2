// Which shell shows the windows, and what is said about it: a function of facts. It looks at nothing and starts nothing.
import { minuteInWords } from '../host/plain-date.ts';

export type Shell = 'electron' | 'browser' | 'none';

/** What is known of Electron's runtime: its files are there, they are not and no try was made yet, or the try did not help. */
export type RuntimeFact =
  | { readonly kind: 'there' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'tried-before'; readonly at: number; readonly reason: string };

export interface ShellFacts {
  readonly wanted: 'auto' | Shell;
  /** Whether a window can be shown here at all. */
  readonly screen: boolean;
  readonly runtime: RuntimeFact;
  /** The host that runs on the folder already. */
  readonly running: { readonly pid: number; readonly shell: Shell } | null;
}

export type ShellChoice =
  /** `words` are lines for the person, in order. */
  | { readonly kind: Shell; readonly words: readonly string[] }
  /** Fetch the runtime, then ask again with what came of it. */
  | { readonly kind: 'fetch' }
  | { readonly kind: 'refused'; readonly message: string };

export const NO_SCREEN = 'There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)';

export function decideShell(facts: ShellFacts): ShellChoice {
  const { wanted, screen, runtime, running } = facts;
  if (wanted === 'browser' || wanted === 'none') return { kind: wanted, words: [] };
  if (wanted === 'electron') return insist(facts);
  // Without a screen the address is printed, and whoever prints it says why.
  if (!screen) return { kind: 'browser', words: [] };
  if (running !== null && running.shell !== 'electron') {
    return {
      kind: 'browser',
      words: ['Its windows are in a browser, so this one is too. To use Electron instead, end that one first.'],
    };
  }
  if (runtime.kind === 'there') return { kind: 'electron', words: [] };
  // The folder is served already, by Electron from another place: a browser window of it needs no runtime here.
  if (running !== null) return { kind: 'browser', words: [] };
  if (runtime.kind === 'missing') return { kind: 'fetch' };
  return {
    kind: 'browser',
    words: [whyMissing(runtime), 'The same app opens in a browser window instead. It needs nothing else.'],
  };
}

/** `--shell electron`: Electron, or a reason why not; never something else in its place. */
function insist({ screen, runtime, running }: ShellFacts): ShellChoice {
  const refused = (message: string): ShellChoice => ({ kind: 'refused', message });
  if (!screen) {
    const too = runtime.kind === 'there' ? '' : " Electron's runtime is not on this computer either.";
    return refused(
      `${NO_SCREEN}, so Electron cannot show a window.${too} Nothing was changed. Use --shell browser: it prints an address.`,
    );
  }
  if (running !== null && running.shell !== 'electron') {
    return refused(
      `Caravan runs on this folder already (process ${running.pid}), ${whereItRuns(running.shell)}, and Electron would need the folder for itself. ` +
        'Nothing was changed. End that one first, or open another window of it with --shell browser.',
    );
  }
  if (runtime.kind === 'there') return { kind: 'electron', words: [] };
  if (runtime.kind === 'missing') return { kind: 'fetch' };
  return refused(
    `${whyMissing(runtime)} Nothing was changed. Use --shell browser for the same app, or install the runtime (npx install-electron) and try again.`,
  );
}

/** Where the windows of a running host are, to follow a comma. */
export function whereItRuns(shell: Shell): string {
  if (shell === 'electron') return 'in Electron';
  return shell === 'browser' ? 'in a browser' : 'without windows of its own';
}

function whyMissing(runtime: Extract<RuntimeFact, { reason: string }>): string {
  const reason = runtime.reason.trim().replace(/[.\s]*$/, '');
  if (runtime.kind === 'failed')
    return `Electron's runtime is not on this computer and could not be fetched: ${reason}.`;
  return `Electron's runtime is not on this computer. Fetching it failed on ${minuteInWords(runtime.at)} (${reason}) and is tried again a day after that.`;
}
