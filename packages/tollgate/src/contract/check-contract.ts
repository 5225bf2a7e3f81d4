/** All that can be wrong with a declaration, found in one pass. Parts whose shape is broken are not asked for their meaning. */
import { checkEntry, checkHeader, checkHeaderName, checkHeaderValue } from './check-entry.ts'
import { checkEnvelope, checkHeaderSlot } from './check-envelope.ts'
import { checkClaims, checkPrimaries, checkTotality } from './check-reasons.ts'
import { checkShape, isObject } from './check-shape.ts'
import type { ContractProblem } from './contract-error.ts'
import type { ContractDeclaration, EntryDeclaration } from './declaration.ts'

export function checkContract(value: unknown): readonly ContractProblem[] {
  const problems = [...checkShape(value)]
  if (!isObject(value)) return problems
  const broken = problems.map(({ path }) => path)
  const isIntact = (path: string): boolean => !broken.some((at) => at === path || at.startsWith(`${path}.`) || at.startsWith(`${path}[`))
  const report = (problem: ContractProblem): void => void problems.push(problem)

  // The shape of each intact part has just been checked; the assertion says no more than that.
  const declaration = value as Partial<ContractDeclaration>
  const decodeOnly = declaration.decodeOnly === true
  const entries = isObject(value['entries']) ? Object.entries(value['entries'] as { readonly [id: string]: EntryDeclaration }) : []
  const areIntact = (id: string, members: readonly (keyof EntryDeclaration)[]): boolean =>
    !broken.includes(`entries.${id}`) && members.every((member) => isIntact(`entries.${id}.${member}`))
  for (const [id, entry] of entries) {
    if (areIntact(id, [])) checkEntry(id, entry, decodeOnly, (member) => areIntact(id, [member]), report)
  }
  const writable = entries.filter(([id]) => areIntact(id, ['code', 'status', 'family', 'details', 'attributes', 'headers']))
  if (isIntact('envelope') && declaration.envelope !== undefined) checkEnvelope(declaration.envelope, writable, report)
  if (entries.length > 0 && entries.every(([id]) => areIntact(id, ['reason', 'alsoFor', 'when', 'primary']))) {
    const withIds = entries.map(([id, entry]) => ({ ...entry, id }))
    checkClaims(withIds, report)
    checkPrimaries(withIds, report)
    if (!decodeOnly) checkTotality(withIds, report)
  }
  checkHeaders(declaration, writable, isIntact, report)
  if (isIntact('name') && declaration.name !== undefined && !/^[a-z0-9][a-z0-9-]*$/.test(declaration.name)) {
    report({ path: 'name', value: declaration.name, problem: 'is not a name', mend: 'use lower-case letters, digits and hyphens' })
  }
  return problems
}

function checkHeaders(
  declaration: Partial<ContractDeclaration>,
  entries: readonly (readonly [string, EntryDeclaration])[],
  isIntact: (path: string) => boolean,
  report: (problem: ContractProblem) => void,
): void {
  const { authenticate, headers, rateLimitHeaders, requestId } = declaration
  if (isIntact('authenticate') && authenticate !== undefined) checkHeaderValue(authenticate, 'authenticate', report)
  const hasChallenge = (entry: EntryDeclaration): boolean => Object.keys(entry.headers ?? {}).some((name) => name.toLowerCase() === 'www-authenticate')
  const unchallenged = entries.find(([, entry]) => entry.status === 401 && !hasChallenge(entry))
  if (authenticate === undefined && unchallenged !== undefined && declaration.decodeOnly !== true) {
    report({
      path: 'authenticate',
      problem: `is missing, but "${unchallenged[0]}" has status 401`,
      mend: 'name the challenge (RFC 9110 section 11.6.1): ApiKey realm="my-api"',
    })
  }
  for (const [name, value] of isIntact('headers') ? Object.entries(headers ?? {}) : []) {
    checkHeader(name, value, `headers.${name}`, report)
    checkHeaderSlot(value, `headers.${name}`, entries, report)
  }
  if (isIntact('rateLimitHeaders') && rateLimitHeaders !== undefined) {
    for (const member of ['limit', 'remaining', 'reset'] as const) checkHeaderName(rateLimitHeaders[member], `rateLimitHeaders.${member}`, report)
  }
  if (isIntact('requestId') && requestId !== undefined) {
    if (requestId.header !== undefined) checkHeaderName(requestId.header, 'requestId.header', report)
    if (requestId.prefix !== undefined) checkHeaderValue(requestId.prefix, 'requestId.prefix', report)
  }
}
