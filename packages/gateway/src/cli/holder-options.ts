import type { Command } from 'commander'

/** Whose balance is meant: it may be kept for each key or user of an account. */
export interface HolderOptions {
  readonly meter?: string
  readonly key?: string
  readonly user?: string
}

export function addHolderOptions(command: Command): Command {
  return command
    .option('--meter <meter>', 'the balance, where there are several')
    .option('--key <id>', 'the balance of this key, where each has its own')
    .option('--user <id>', 'the balance of this user, where each has its own')
}
