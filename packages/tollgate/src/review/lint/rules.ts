/** All rules. Of the problems that the check of contracts finds, the first rule that claims one has it. */
import type { Rule } from './rule.ts'
import { alikeOnTheWire } from './rules/alike-on-the-wire.ts'
import { allowMissing } from './rules/allow-missing.ts'
import { ambiguousDecoding } from './rules/ambiguous-decoding.ts'
import { badRequestBesideUnprocessable } from './rules/bad-request-beside-unprocessable.ts'
import { challengeMissing } from './rules/challenge-missing.ts'
import { codeAgainstStatus } from './rules/code-against-status.ts'
import { codeEmbedsHttp } from './rules/code-embeds-http.ts'
import { codeIsStatus } from './rules/code-is-status.ts'
import { codeMissing } from './rules/code-missing.ts'
import { codeStyleMixed } from './rules/code-style-mixed.ts'
import { codeWithSeveralStatuses } from './rules/code-with-several-statuses.ts'
import { constantFigure } from './rules/constant-figure.ts'
import { credentialWith403 } from './rules/credential-with-403.ts'
import { creditOnTwoStatuses } from './rules/credit-on-two-statuses.ts'
import { detailNotShown } from './rules/detail-not-shown.ts'
import { docsMissing } from './rules/docs-missing.ts'
import { documentedBackoffVague } from './rules/documented-backoff-vague.ts'
import { documentedListIncomplete } from './rules/documented-list-incomplete.ts'
import { documentedOtherwise } from './rules/documented-otherwise.ts'
import { documentedStatusUnused } from './rules/documented-status-unused.ts'
import { documentedTwice } from './rules/documented-twice.ts'
import { exampleLacksDetails } from './rules/example-lacks-details.ts'
import { exampleLacksHeader } from './rules/example-lacks-header.ts'
import { exampleLacksMembers } from './rules/example-lacks-members.ts'
import { exampleMessageDiffers } from './rules/example-message-differs.ts'
import { exampleNotRead } from './rules/example-not-read.ts'
import { exampleOfAnotherEntry } from './rules/example-of-another-entry.ts'
import { exampleStatusDiffers } from './rules/example-status-differs.ts'
import { exampleUndeclaredMember } from './rules/example-undeclared-member.ts'
import { exampleUsedOverLimit } from './rules/example-used-over-limit.ts'
import { existenceOracle } from './rules/existence-oracle.ts'
import { figureInProseOnly } from './rules/figure-in-prose-only.ts'
import { goneNeedsMemory } from './rules/gone-needs-memory.ts'
import { hardlyMeant } from './rules/hardly-meant.ts'
import { hiddenStatus } from './rules/hidden-status.ts'
import { idempotencyConflictUnsaid } from './rules/idempotency-conflict-unsaid.ts'
import { idleIgnore } from './rules/idle-ignore.ts'
import { limitKindUnsaid } from './rules/limit-kind-unsaid.ts'
import { limitWithoutFigures } from './rules/limit-without-figures.ts'
import { messageWithoutDetail } from './rules/message-without-detail.ts'
import { moneyAsNumber } from './rules/money-as-number.ts'
import { notFoundInBody } from './rules/not-found-in-body.ts'
import { oneHeaderSet } from './rules/one-header-set.ts'
import { paymentWithoutWay } from './rules/payment-without-way.ts'
import { permissionWith401 } from './rules/permission-with-401.ts'
import { quotaWithoutReset } from './rules/quota-without-reset.ts'
import { reasonWithoutCode } from './rules/reason-without-code.ts'
import { refreshWithout401 } from './rules/refresh-without-401.ts'
import { remedyAgainstRetry } from './rules/remedy-against-retry.ts'
import { requestIdNotShown } from './rules/request-id-not-shown.ts'
import { resetUnitSurprising } from './rules/reset-unit-surprising.ts'
import { retryCannotHelp } from './rules/retry-cannot-help.ts'
import { retryMayPayTwice } from './rules/retry-may-pay-twice.ts'
import { retryNeverOn5xx } from './rules/retry-never-on-5xx.ts'
import { sameStatusOtherCure } from './rules/same-status-other-cure.ts'
import { secretInWords } from './rules/secret-in-words.ts'
import { statusAgainstReason } from './rules/status-against-reason.ts'
import { statusMissing } from './rules/status-missing.ts'
import { streamWithoutEnd } from './rules/stream-without-end.ts'
import { successesDiffer } from './rules/successes-differ.ts'
import { twoCodesOneMeaning } from './rules/two-codes-one-meaning.ts'
import { undocumentedAction } from './rules/undocumented-action.ts'
import { validContract } from './rules/valid-contract.ts'
import { waitThatDoesNotHelp } from './rules/wait-that-does-not-help.ts'
import { waitWithoutFigure } from './rules/wait-without-figure.ts'
import { wrongMethodStatus } from './rules/wrong-method-status.ts'

/**
 * All rules of `lintContract`, by what they are about.
 *
 * @example
 * lintRules.find(({ id }) => id === 'challenge-missing')?.source.slice(0, 8) // => 'RFC 9110'
 */
export const lintRules: readonly Rule[] = [
  // What HTTP asks for
  challengeMissing,
  allowMissing,
  wrongMethodStatus,
  exampleLacksHeader,
  credentialWith403,
  permissionWith401,
  statusAgainstReason,
  refreshWithout401,
  limitWithoutFigures,
  // What contradicts itself
  ambiguousDecoding,
  alikeOnTheWire,
  codeWithSeveralStatuses,
  twoCodesOneMeaning,
  codeIsStatus,
  codeAgainstStatus,
  creditOnTwoStatuses,
  sameStatusOtherCure,
  waitThatDoesNotHelp,
  idempotencyConflictUnsaid,
  goneNeedsMemory,
  badRequestBesideUnprocessable,
  remedyAgainstRetry,
  detailNotShown,
  moneyAsNumber,
  oneHeaderSet,
  // Examples
  exampleNotRead,
  exampleOfAnotherEntry,
  exampleStatusDiffers,
  exampleMessageDiffers,
  exampleLacksMembers,
  exampleLacksDetails,
  exampleUndeclaredMember,
  exampleUsedOverLimit,
  notFoundInBody,
  successesDiffer,
  // What is said elsewhere
  documentedOtherwise,
  documentedTwice,
  documentedListIncomplete,
  documentedStatusUnused,
  documentedBackoffVague,
  // What who calls needs
  limitKindUnsaid,
  retryCannotHelp,
  retryMayPayTwice,
  retryNeverOn5xx,
  waitWithoutFigure,
  quotaWithoutReset,
  paymentWithoutWay,
  undocumentedAction,
  hiddenStatus,
  existenceOracle,
  secretInWords,
  figureInProseOnly,
  constantFigure,
  streamWithoutEnd,
  resetUnitSurprising,
  requestIdNotShown,
  docsMissing,
  // How it reads
  codeEmbedsHttp,
  codeStyleMixed,
  idleIgnore,
  // Whether it is a contract at all: the last one takes what no other has a better name for
  statusMissing,
  codeMissing,
  reasonWithoutCode,
  messageWithoutDetail,
  hardlyMeant,
  validContract,
]
