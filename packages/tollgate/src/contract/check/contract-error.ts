/** One thing wrong with a declaration: where, what stands there, why it is wrong, and how to mend it. */
export interface ContractProblem {
  /** `entries.dailyQuota.details.reset_at` */
  readonly path: string
  /** What stands there; undefined when something is missing. */
  readonly value?: unknown
  /** Continues the value as a sentence: `is not a detail type`. */
  readonly problem: string
  /** `did you mean "timestamp"?` */
  readonly mend: string
  /** Of a misspelt member: the path of the one that it was meant to be, which is not told as missing too. */
  readonly meant?: string | undefined
}

/** A declaration that is no contract. Thrown once, with all that is wrong. */
export class ContractError extends Error {
  readonly problems: readonly ContractProblem[]

  constructor(name: string, problems: readonly ContractProblem[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
    super([`contract "${name}" has ${count}`, ...problems.map((problem) => `  ${formatContractProblem(problem)}`)].join('\n'))
    this.name = 'ContractError'
    this.problems = problems
  }
}

/**
 * A problem as one line: path, value, what is wrong, and the mend.
 *
 * @example
 * formatContractProblem({ path: 'entries.slow.retry', value: 'wiat', problem: 'is not one of the known values', mend: 'did you mean "wait"?' }) // => 'entries.slow.retry: "wiat" is not one of the known values; did you mean "wait"?'
 */
export function formatContractProblem({ path, value, problem, mend }: ContractProblem): string {
  const shown = value === undefined ? '' : `${formatValue(value)} `
  return `${path}: ${shown}${problem}; ${mend}`
}

const VALUE_LENGTH_MAX = 80

function formatValue(value: unknown): string {
  let text: string
  try {
    text = JSON.stringify(value) ?? String(value)
  } catch {
    text = `a ${typeof value} that is not JSON`
  }
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text
}

/** `did you mean "timestamp"?`, or what else to do when nothing is near. */
export function suggest(nearest: string | undefined, otherwise: string): string {
  return nearest === undefined ? otherwise : `did you mean "${nearest}"?`
}
