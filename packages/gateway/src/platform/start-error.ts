import type { ConfigProblem } from '../config/read/config-problem.ts'

/** The gateway cannot start, for a reason that its operator can mend. The message is one clear line for each problem. */
export class GatewayStartError extends Error {
  override readonly name = 'GatewayStartError'
  readonly kind: 'config' | 'resource'
  readonly problems: readonly ConfigProblem[]

  constructor(kind: 'config' | 'resource', message: string, options: ErrorOptions & { readonly problems?: readonly ConfigProblem[] } = {}) {
    super(message, options)
    this.kind = kind
    this.problems = options.problems ?? []
  }
}
