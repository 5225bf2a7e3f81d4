/** One of the reasons: where in the configuration, and how to mend it. */
export interface StartProblem {
  readonly path: readonly (string | number)[]
  /** One sentence that names the value and the mend. Never holds a secret: placeholders are quoted, not what they stand for. */
  readonly message: string
  /** The file at fault where it is not the configuration itself. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** The gateway cannot start, for a reason that its operator can mend. The message is one clear line for each problem. */
export class GatewayStartError extends Error {
  override readonly name = 'GatewayStartError'
  readonly kind: 'config' | 'resource'
  readonly problems: readonly StartProblem[]

  constructor(kind: 'config' | 'resource', message: string, options: ErrorOptions & { readonly problems?: readonly StartProblem[] } = {}) {
    super(message, options)
    this.kind = kind
    this.problems = options.problems ?? []
  }
}
