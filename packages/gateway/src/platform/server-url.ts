/** The addresses of other servers: one reading for all that name one. */

export type ServerUrl = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly fault: string }

export interface ServerUrlRules {
  /** Of a right one. */
  readonly example?: string
  /** Where it is asked for as it stands, with nothing put behind it. */
  readonly mayHaveQuery?: boolean
}

/** `fault` goes on after what was written. A user and password would come back in logs and messages, so they belong into a header. */
export function readServerUrl(text: string, { example = 'http://127.0.0.1:9101', mayHaveQuery = false }: ServerUrlRules = {}): ServerUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return { ok: false, fault: `must be a URL such as ${example}` }
  if (url.username !== '' || url.password !== '') return { ok: false, fault: 'must not hold a user and password' }
  if (!mayHaveQuery && (url.search !== '' || url.hash !== '')) return { ok: false, fault: 'must not have a query or fragment' }
  return { ok: true, url }
}

/** As a message may quote it. What is no URL may hold a password all the same; a placeholder only names it. */
export function urlWithoutSecrets(text: string): string {
  const [, scheme = '', user, rest = ''] = /^(\w+:\/\/)?(?:(.*)@)?(.*)$/s.exec(text) ?? []
  const shownUser = user === undefined || /^(?:\$\{[A-Za-z_]\w*\}|:)*$/.test(user) ? user : '(secret)'
  return `${scheme}${shownUser === undefined ? '' : `${shownUser}@`}${rest.replace(/([?#]).*/s, '$1(secret)')}`
}
