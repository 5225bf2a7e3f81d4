/**
 * Contracts that come with the library, declared as by `defineContract`, but not checked and not compiled by whoever imports the catalog. What the checks say is
 * the same each time, so a test asks them; and of all the contracts a program seldom uses more than two.
 */
import type { CheckedDeclaration } from '../contract/declare/checked-declaration.ts'
import { compileContract } from '../contract/declare/compile-contract.ts'
import type { Contract } from '../contract/declare/contract.ts'
import type { ContractDeclaration } from '../contract/declare/declaration.ts'
import type { ContractOptions } from '../contract/declare/define-contract.ts'
import { languagesOf } from '../contract/declare/messages.ts'
import type { ReadErrorOf } from '../contract/declare/inferred.ts'

export function defineShipped<const D extends ContractDeclaration>(declaration: D & CheckedDeclaration<D>, options: ContractOptions = {}): Contract<D, ReadErrorOf<D>> {
  let compiled: Contract<D, ReadErrorOf<D>> | undefined
  const whole = (): Contract<D, ReadErrorOf<D>> => (compiled ??= compileContract<D>(declaration, { ...options, warnings: [] }))
  return {
    declaration,
    name: declaration.name,
    languages: languagesOf(declaration),
    warnings: [],
    reader: options.reader,
    parseXml: options.parseXml,
    get entries() {
      return whole().entries
    },
    get loss() {
      return whole().loss
    },
    get refuse() {
      return whole().refuse
    },
    get echoes() {
      return whole().echoes
    },
    get hidden() {
      return whole().hidden
    },
    get requestIdHeader() {
      return whole().requestIdHeader
    },
    entryFor: (reason, facts, named) => whole().entryFor(reason, facts, named),
    render: (refusal, context) => whole().render(refusal, context),
    write: (error, context) => whole().write(error, context),
    answer: (refusal, context) => whole().answer(refusal, context),
    success: (data, context, status) => whole().success(data, context, status),
    streamFrame: (refusal, context) => whole().streamFrame(refusal, context),
    webSocketEnd: (refusal, context) => whole().webSocketEnd(refusal, context),
    rateLimitHeaders: (limits, nowMs) => whole().rateLimitHeaders(limits, nowMs),
    read: (answer) => whole().read(answer),
    readStreamEvent: (event) => whole().readStreamEvent(event),
    readFrame: (data) => whole().readFrame(data),
    readClose: (close) => whole().readClose(close),
    detailsOf: (entry) => whole().detailsOf(entry),
    mintRequestId: (random) => whole().mintRequestId(random),
  }
}
