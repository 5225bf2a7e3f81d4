/** What a check found. Plain data, without secrets; what is written of it is text, JSON and JUnit. */
import type { AnswerFault } from './judge/answer-fault.ts'
import type { Unprovoked } from './probe.ts'

export interface ProbeResult {
  readonly id: string
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'not-run'
  /** `401 MISSING_API_KEY (missingKey)`; of one that was not run, why. */
  readonly told: string
  readonly requests: number
  readonly durationMs: number
  readonly faults: readonly AnswerFault[]
}

/** One fault of the API, wherever it shows. */
export interface CheckViolation extends AnswerFault {
  readonly entry: string | undefined
  readonly probes: readonly string[]
  /** What a shell has to know for the curl lines. */
  readonly variables: readonly string[]
  readonly curl: string
  /** Whether the request is the smallest that shows it; else why not. */
  readonly shrunk: true | string
}

export interface EntryCoverage {
  readonly entry: string
  readonly code: string | number
  readonly status: number
  /** Undefined: it was met. */
  readonly why: string | undefined
}

export interface CheckReport {
  readonly url: string
  readonly contract: string
  readonly verdict: 'passed' | 'failed' | 'stopped'
  /** Why it ended before its end. */
  readonly stopped: string | undefined
  readonly requests: number
  readonly requestsMax: number
  readonly probes: readonly ProbeResult[]
  readonly violations: readonly CheckViolation[]
  readonly notes: readonly CheckViolation[]
  readonly entries: readonly EntryCoverage[]
  readonly unprovoked: readonly Unprovoked[]
}

/** Distinct codes of the contract, and those of them that were met. Entries without a code count by themselves. */
export function codesMet({ entries }: Pick<CheckReport, 'entries'>): { readonly met: number; readonly all: number } {
  const codeOf = ({ code, entry }: EntryCoverage): string => (code === '' ? entry : String(code))
  return { met: new Set(entries.filter(({ why }) => why === undefined).map(codeOf)).size, all: new Set(entries.map(codeOf)).size }
}
