// The options that every command takes; what they mean is in with-host.ts.
import type { Command } from 'commander';

export function common(command: Command, { workspace = true } = {}): Command {
  command.option('--data <dir>', 'the data folder (else CARAVAN_DATA, else the place your system has for it)');
  if (workspace) command.option('--workspace <id or title>', 'which workspace, where there are several');
  return command.option('--json', 'print JSON');
}
