/** Who admits calls, in a process of its own, as one of several or alone. */

export interface Urls {
  readonly postgres: string
  readonly valkey: string | undefined
}

export interface StartOptions {
  readonly urls: Urls
  /** This process among so many: each has its share of what all may open together. */
  readonly process: number
  readonly processes: number
}

export interface Contender {
  readonly name: string
  readonly engine: 'postgres' | 'valkey'
  /** What it does not do, or is there for. */
  readonly note?: string
  /** Only where one calls after the other. */
  readonly isAlone?: true
  /** Tables and balances, once. */
  prepare?(urls: Urls, accounts: number): Promise<void>
  start(options: StartOptions): Promise<RunningContender>
}

export interface RunningContender {
  /** Admits a call of an account. Rejects where it is refused, which nobody here is. */
  admit(account: number): Promise<unknown>
  /** What a running gateway does beside it; once in each round of several callers. */
  upkeep?(): Promise<unknown>
  stop(): Promise<void>
}

/** Never used up. */
export const MUCH = 1_000_000_000
export const PRICE = 5
export const accountId = (account: number): string => `acc_${account}`
