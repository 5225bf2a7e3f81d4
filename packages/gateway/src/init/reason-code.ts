/** The code of a reason, in the manner of a dialect: `rate.limited` is `RATE_LIMITED` beside codes in capitals, otherwise `rate_limited`. */
import type { Contract, ServerReason } from 'tollgate/contract'

export type CodeStyle = 'SCREAMING' | 'snake'

export function reasonCode(reason: ServerReason, style: CodeStyle): string {
  const snake = reason.replaceAll('.', '_')
  return style === 'SCREAMING' ? snake.toUpperCase() : snake
}

export function codeStyleOf({ entries }: Contract): CodeStyle {
  const codes = [...entries.values()].map(({ code }) => String(code)).filter((code) => code !== '')
  return codes.every((code) => code === code.toUpperCase()) ? 'SCREAMING' : 'snake'
}
