/** The errors of a contract as they stand on the wire: each entry with the schema of its answer, and a name that is safe wherever names are. */
import { envelopeTemplates, type Contract, type Detail, type Entry, type ServerReason } from 'tollgate/contract'
import { envelopeSchema, type DeclaredEntry } from './envelope-schema.ts'
import { createNames } from './error-names.ts'
import type { ErrorSchema } from './json-schema-node.ts'

export interface DeclaredError {
  readonly entry: Entry
  readonly details: readonly Detail[]
  /** `DailyQuotaExceededError`: unique in its contract, letters and digits. */
  readonly name: string
  /** Of the body. */
  readonly schema: ErrorSchema
  /** Of the data of an event in the middle of a stream, where the contract has a form for it. */
  readonly streamSchema: ErrorSchema | undefined
}

/** `wordsOf`: what a detail of an entry means. */
export function declaredErrors(contract: Contract, wordsOf: (entry: string, detail: string) => string | undefined = () => undefined): readonly DeclaredError[] {
  const { declaration } = contract
  const { contentType } = declaration.envelope
  const templates = envelopeTemplates(declaration)
  const nameOf = createNames('Error')
  const all = [...contract.entries.values()].map((entry): DeclaredEntry => ({ entry, details: contract.detailsOf(entry.id), wordsOf: (detail) => wordsOf(entry.id, detail) }))
  return all.map((declared) => {
    const listed = all.filter(({ entry }) => mayStandBeside(declared.entry, entry))
    return {
      entry: declared.entry,
      details: declared.details,
      name: nameOf(declared.entry.id),
      schema: envelopeSchema(templates.of(declared.entry), declared, { contentType, listed }),
      streamSchema: templates.stream && envelopeSchema(templates.stream, declared, { listed }),
    }
  })
}

/** What a request has wrong is told issue by issue, each by the entry that speaks for it; every other refusal lists its own kind. */
const ofRequest: readonly ServerReason[] = ['request.invalid', 'field.missing', 'field.invalid']

function mayStandBeside(one: Entry, other: Entry): boolean {
  if (one.id === other.id) return true
  return one.reason === other.reason || (speaksOfRequest(one) && speaksOfRequest(other))
}

function speaksOfRequest({ reason, alsoFor = [] }: Entry): boolean {
  return [reason, ...alsoFor].some((each) => ofRequest.some((known) => each === known) || each === 'request.*' || each === 'field.*')
}
