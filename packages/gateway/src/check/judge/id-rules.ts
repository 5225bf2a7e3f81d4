/** The id by which an answer is found again. */
import type { ContractDeclaration } from 'tollgate/contract'
import { receivedHeaders } from '../probe-exchange.ts'
import { headerIn } from '../probe-request.ts'
import { faultOf, shown } from './answer-fault.ts'
import type { AnswerRule, RefusalRule } from './judge-context.ts'

const formats = {
  uuid: '[\\da-f]{8}-[\\da-f]{4}-4[\\da-f]{3}-[89ab][\\da-f]{3}-[\\da-f]{12}',
  hex: '[\\da-f]{32}',
  base62: '[\\dA-Za-z]{22}',
} as const

export const requestId: RefusalRule = ({ headers, read, text }, { contract }) => {
  const name = contract.requestIdHeader
  const found = headers[name.toLowerCase()]
  if (found === undefined) return [faultOf('request-id', name, `${name} is missing`)]
  const form = formOf(contract.declaration)
  if (!form.test(found)) return [faultOf('request-id', name, `${name} is ${shown(found)}, which is not of the form ${shown(contract.mintRequestId(new Uint8Array(16)))}`)]
  return read.requestId !== undefined && read.requestId !== found && text.includes(read.requestId) ? [faultOf('request-id', 'the body', `the body says the request id ${shown(read.requestId)}, and ${name} is ${shown(found)}`)] : []
}

/** Replayed answers keep the id of the first. */
export const freshRequestId: AnswerRule = ({ request, answer }, { contract, seenIds }) => {
  const name = contract.requestIdHeader
  const headers = receivedHeaders(answer)
  const found = headers[name.toLowerCase()]
  if (found === undefined || headers['idempotent-replayed'] !== undefined) return []
  if (found === headerIn(request, name)) return [faultOf('request-id-fresh', name, `${name} is the one that the caller chose`)]
  return seenIds.has(found) ? [faultOf('request-id-fresh', name, `${name} is ${shown(found)}, as in an earlier answer`)] : []
}

function formOf({ requestId: declared = { format: 'base62', prefix: 'req_' } }: ContractDeclaration): RegExp {
  const prefix = (declared.prefix ?? '').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${prefix}${formats[declared.format]}$`)
}
