/** Codes that are the phrase of a status (RFC 9110 section 15), alone or in front of something more. Words that also name what happened (NOT_FOUND, TIMEOUT) are none. */
const phrases: readonly (readonly [pattern: RegExp, status: number])[] = [
  [/^(?:err(?:or)?_)?(?:http_)?(?:status_)?(4\d\d|5\d\d)$/, 0],
  [/^(?:e_)?bad_?request(?![a-z])/, 400],
  [/^(?:e_)?unauthori[sz]ed(?![a-z])/, 401],
  [/^(?:e_)?payment_?required(?![a-z])/, 402],
  [/^(?:e_)?forbidden(?![a-z])/, 403],
  [/^(?:e_)?method_?not_?allowed(?![a-z])/, 405],
  [/^(?:e_)?not_?acceptable(?![a-z])/, 406],
  [/^(?:e_)?precondition_?failed(?![a-z])/, 412],
  [/^(?:e_)?unprocessable_?(?:entity|content)(?![a-z])/, 422],
  [/^(?:e_)?too_?many_?requests(?![a-z])/, 429],
  [/^(?:e_)?internal_?server_?error(?![a-z])/, 500],
  [/^(?:e_)?not_?implemented(?![a-z])/, 501],
  [/^(?:e_)?bad_?gateway(?![a-z])/, 502],
  [/^(?:e_)?service_?unavailable(?![a-z])/, 503],
  [/^(?:e_)?gateway_?time_?out(?![a-z])/, 504],
]

/** The status whose word it is. */
export function httpWordOf(code: string | number | undefined): { readonly status: number } | undefined {
  if (typeof code !== 'string') return undefined
  const name = code.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').replaceAll(/[-. :]/g, '_').toLowerCase()
  for (const [pattern, status] of phrases) {
    const found = pattern.exec(name)
    // Figures alone are told by another rule.
    if (found !== null && !/^\d+$/.test(name)) return { status: status === 0 ? Number(found[1]) : status }
  }
  return undefined
}
