/** Keys and tokens of an API: where they stand, and whether those who have a token can have got one. */
import { compact } from 'tollgate/contract'
import type { CredentialOptions, CredentialPlace } from 'tollgate/gate'
import type { ApiShape } from '../shape/api-shape.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'

const SUBPROTOCOLS = 'sec-websocket-protocol'

export function toCredentials({ from, prefix }: NonNullable<ApiShape['credentials']>): CredentialOptions {
  return {
    prefix,
    from: from.map(({ header = '', query, scheme, subprotocol, token: isToken }): CredentialPlace => {
      const token = isToken ? true : undefined
      if (query !== undefined) return compact({ in: 'query' as const, name: query, token })
      return subprotocol === undefined ? compact({ in: 'header' as const, name: header, scheme, token }) : compact({ in: 'subprotocol' as const, prefix: subprotocol, token })
    }),
  }
}

export function checkCredentials(shape: ApiShape, path: Path, report: Report): void {
  const places = shape.credentials?.from ?? []
  const headers = places.map(({ header }) => header?.toLowerCase())
  for (const [at, header] of headers.entries()) {
    const first = headers.indexOf(header)
    if (header === SUBPROTOCOLS) report.value([...path, 'credentials', 'from', at, 'header'], 'holds more than a credential; write { subprotocol: tollgate.key. }')
    else if (header !== undefined && first !== at) report([...path, 'credentials', 'from', at, 'header'], `${header} is looked at by from[${first}] already, whatever its scheme; one header holds one kind of credential`)
  }
  const parameters = places.map(({ query }) => query)
  for (const [at, parameter] of parameters.entries()) {
    if (parameter !== undefined && parameters.indexOf(parameter) !== at) report([...path, 'credentials', 'from', at, 'query'], `${parameter} is looked at by from[${parameters.indexOf(parameter)}] already; one parameter holds one kind of credential`)
  }
  const prefixes = places.map(({ subprotocol }) => subprotocol)
  for (const [at, prefix] of prefixes.entries()) {
    const first = prefixes.findIndex((each) => each !== undefined && prefix !== undefined && (prefix.startsWith(each) || each.startsWith(prefix)))
    if (prefix !== undefined && first !== at) report.value([...path, 'credentials', 'from', at, 'subprotocol'], `cannot be told from that of from[${first}]; choose names of which none begins with the other`)
  }
  checkTokens(shape, path, report)
  for (const [scope, implied] of Object.entries(shape.scopeImplies ?? {})) {
    if (implied.includes('*')) report([...path, 'scopeImplies', scope], 'cannot include "*"; give the scope * to the keys that may do everything')
  }
}

function checkTokens({ credentials, tokens, routes }: ApiShape, path: Path, report: Report): void {
  const tokenAt = credentials?.from.findIndex(({ token }) => token) ?? -1
  const takesNoToken = tokenAt === -1 && !(credentials === undefined && report.isWritten([...path, 'credentials']))
  const tokenMend = 'add { header: authorization, scheme: bearer, token: true } to credentials.from'
  for (const [at, { handler }] of routes.entries()) {
    if (handler !== undefined && takesNoToken) report([...path, 'routes', at, 'handler'], `${handler} is about tokens, but no credential of this API is one; ${tokenMend}`)
  }
  // A handler with a slip is reported as such: it may be the one that is looked for here.
  const isWhole = routes.every(({ handler }, at) => handler !== undefined || !report.isWritten([...path, 'routes', at, 'handler']))
  const hasIssuers = tokens?.issuers !== undefined || report.isWritten([...path, 'tokens', 'issuers'])
  if (tokenAt !== -1 && isWhole && !hasIssuers && !routes.some(({ handler }) => handler === 'issueToken')) {
    report([...path, 'credentials', 'from', tokenAt, 'token'], 'nobody can have a token: no route issues them; add { on: POST /auth/token, public: true, handler: issueToken }, or tokens.issuers')
  }
  if (tokens === undefined) return
  if (takesNoToken) report([...path, 'tokens'], `are of no use: no credential of this API is a token; ${tokenMend}`)
  else if (isWhole && !hasIssuers && routes.every(({ handler }) => handler === undefined)) report([...path, 'tokens'], 'are of no use: no route has a handler that issues them')
}
