/** All that can be wrong with a declaration by itself, found in one pass. Parts whose shape is broken are not asked for their meaning. */
import { checkEntry, checkSent } from './check-entry.ts'
import { checkIdleCloseCodes } from './check-close.ts'
import { checkDocsUrl } from './check-docs-url.ts'
import { checkEnvelope, checkFamilies } from './check-envelope.ts'
import { checkHeaders } from './check-headers.ts'
import { checkAlike, checkClaims, checkTotality } from './check-reasons.ts'
import { checkLanguages } from './check-messages.ts'
import { checkRecognition } from './check-recognition.ts'
import { checkShape, isObject } from './check-shape.ts'
import { checkShown } from './check-shown.ts'
import type { ContractProblem } from './contract-error.ts'
import type { ContractDeclaration, EntryDeclaration } from '../declare/declaration.ts'
import { toEntry } from '../declare/entry-rules.ts'

/** `warnings`: what is valid, and hardly meant. */
export interface Findings {
  readonly problems: readonly ContractProblem[]
  readonly warnings: readonly ContractProblem[]
}

export function checkContract(value: unknown): Findings {
  const problems = [...checkShape(value)]
  const warnings: ContractProblem[] = []
  if (!isObject(value)) return { problems, warnings }
  const broken = problems.flatMap(({ path, meant }) => (meant === undefined ? [path] : [path, meant]))
  const isIntact = (path: string): boolean => !broken.some((at) => at === path || at.startsWith(`${path}.`) || at.startsWith(`${path}[`))
  const report = (problem: ContractProblem): void => void problems.push(problem)
  const warn = (problem: ContractProblem): void => void warnings.push(problem)

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
  if (isIntact('envelope') && declaration.envelope !== undefined) {
    checkEnvelope(declaration.envelope, writable, report)
    if (writable.length === entries.length) checkFamilies(declaration.envelope, writable, report)
  }
  if (!decodeOnly && problems.length === 0 && declaration.envelope !== undefined) checkShown(declaration.envelope, declaration.headers ?? {}, writable, report)
  if (entries.length > 0 && entries.every(([id]) => areIntact(id, ['reason', 'alsoFor', 'when', 'primary', 'sentAs']))) {
    const claiming = entries.map(([id, entry]) => toEntry(id, entry, declaration.alwaysStatus))
    checkClaims(claiming, report, warn)
    if (entries.every(([id]) => areIntact(id, ['code', 'status', 'family', 'attributes', 'message', 'description', 'read']))) checkRecognition(claiming, decodeOnly, report)
    if (!decodeOnly) {
      checkAlike(claiming, new Set(entries.flatMap(([id, { code }]) => (code === undefined ? [id] : []))), report)
      checkTotality(claiming, report)
    }
  }
  if (isIntact('alwaysStatus') && declaration.alwaysStatus !== undefined) checkSent(declaration.alwaysStatus, 'alwaysStatus', report)
  if (declaration.envelope?.webSocket === undefined && isIntact('envelope')) checkIdleCloseCodes(entries, report)
  if (isIntact('language') && entries.every(([id]) => areIntact(id, ['message']))) checkLanguages(declaration, entries, report)
  checkHeaders(declaration, writable, isIntact, report)
  if (!decodeOnly && isIntact('envelope') && isIntact('headers') && isIntact('docs') && declaration.envelope !== undefined) checkDocsUrl({ ...declaration, envelope: declaration.envelope }, report)
  if (isIntact('name') && declaration.name !== undefined && !/^[a-z0-9][a-z0-9-]*$/.test(declaration.name)) {
    report({ path: 'name', value: declaration.name, problem: 'is not a name', mend: 'use lower-case letters, digits and hyphens' })
  }
  return { problems, warnings }
}
