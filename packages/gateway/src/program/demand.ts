/** At the start, what is wrong with a configuration ends it: all problems at once. */
import { formatProblem, type ConfigProblem, type Outcome } from '../config/read/config-problem.ts'
import { GatewayStartError } from '../platform/start-error.ts'

export function demand<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw configError(outcome.problems)
}

export function configError(problems: readonly ConfigProblem[]): GatewayStartError {
  return new GatewayStartError('config', problems.map(formatProblem).join('\n'), { problems })
}
