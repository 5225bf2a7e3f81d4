/**
 * The whole contracts of the dialects that come with the library, not checked and not compiled by whoever imports the catalog. What the checks say is the same
 * each time, so a test asks them; and of all the contracts a program seldom uses more than two.
 */
import { compileContract } from '../contract/declare/compile-contract.ts'
import type { Contract } from '../contract/declare/contract.ts'
import type { ContractDeclaration, GuidesDeclaration } from '../contract/declare/declaration.ts'
import { languagesOf } from '../contract/declare/messages.ts'
import type { ReadErrorOf } from '../contract/declare/inferred.ts'
import type { DefinedDialect } from '../contract/read/dialect.ts'

/* @__NO_SIDE_EFFECTS__ */
export function contractOf<D extends ContractDeclaration>(dialect: DefinedDialect<D, unknown>, guides?: GuidesDeclaration): Contract<D, ReadErrorOf<D>> {
  const { reader } = dialect
  // Pages that call an API load its dialect: the prose of the docs stands beside it.
  const declaration: D = guides === undefined ? dialect.declaration : { ...dialect.declaration, guides }
  let compiled: Contract<D, ReadErrorOf<D>> | undefined
  const whole = (): Contract<D, ReadErrorOf<D>> => (compiled ??= compileContract<D>(declaration, { reader, warnings: [] }))
  return {
    declaration,
    name: declaration.name,
    languages: languagesOf(declaration),
    warnings: [],
    reader,
    parseXml: undefined,
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
