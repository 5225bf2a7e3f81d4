export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export const logFormats = ['json', 'text'] as const

export interface LogSettings {
  /** The least that is said. Lines about requests are said whenever they are asked for. */
  readonly level: (typeof logLevels)[number]
  /** `text`: for eyes. */
  readonly format: (typeof logFormats)[number]
}
