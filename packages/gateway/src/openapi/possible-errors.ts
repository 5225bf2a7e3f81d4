/** Which entries an operation may be answered with: all that can be, by what they are for and by what the operation has. */
import { serverReasons, type Contract, type Entry, type ServerReason } from 'tollgate/contract'
import type { OperationFeatures } from './operation-features.ts'

/** `takesKeys`: whether some operation of the document names the header of idempotency keys; where none does, every one that changes something may take them. */
export function possibleErrors(contract: Contract, features: OperationFeatures, takesKeys: boolean): ReadonlySet<string> {
  const fits = (entry: Entry): boolean => reasonsOf(contract, entry).some((reason) => isPossible(reason, features, contract, takesKeys)) && namesField(entry, features)
  return new Set([...contract.entries.values()].filter(fits).map(({ id }) => id))
}

/** Its own, and those that it speaks for as nothing else does. */
export function reasonsOf(contract: Contract, { id, reason }: Entry): readonly ServerReason[] {
  return serverReasons.filter((each) => each === reason || contract.entryFor(each, {}).id === id)
}

function isPossible(reason: ServerReason, { hasSecurity, hasBody, hasParameters, hasPathParameters, isUnsafe, headers }: OperationFeatures, { declaration }: Contract, takesKeys: boolean): boolean {
  const [family] = reason.split('.', 1)
  switch (family) {
    case 'credential':
    case 'token':
    case 'permission':
    case 'account':
    case 'quota':
    case 'credit':
      return hasSecurity
    // An operation that is documented exists.
    case 'route':
    case 'method':
      return false
    case 'field':
      return hasBody || hasParameters
    case 'request':
      return hasBody || (reason === 'request.invalid' && hasParameters)
    case 'content':
      return hasBody
    case 'resource':
      return reason === 'resource.conflict' ? isUnsafe : hasPathParameters || hasBody
    case 'session':
      return reason === 'session.limited' ? isUnsafe && hasSecurity : hasPathParameters || hasBody
    case 'idempotency': {
      const header = (declaration.idempotencyKey ?? 'idempotency-key').toLowerCase()
      return headers.has(header) || (declaration.idempotencyKey !== undefined && !takesKeys && isUnsafe)
    }
    default:
      return true
  }
}

/** An entry for one field is for the operations that have it. */
function namesField({ when = {} }: Entry, { fields }: OperationFeatures): boolean {
  const named = [when['field'] ?? []].flat().map((field) => String(field).split(/[.[]/, 1)[0] ?? '')
  return named.length === 0 || fields === undefined || named.some((field) => fields.has(field))
}
