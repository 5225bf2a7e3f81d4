/**
 * Azure Resource Manager, Microsoft Graph and what else follows the guidelines of Microsoft's APIs (OData), read only. `error.code` may stay general and the errors
 * within say more: of those that this table knows, the innermost is read. Codes are the contract there, sentences are not.
 */
import type { EntryDeclaration } from '../contract/declare/declaration.ts'
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { textsPart } from '../contract/read/parts/texts-part.ts'
import type { Reader } from '../contract/read/reader.ts'
import { recognisedBy } from '../contract/read/recognition.ts'
import { compact } from '../contract/values/compact.ts'
import { toFieldIssues } from './field-issues.ts'
import { listOf, objectOf, textOf } from './members.ts'
import { says } from './read-only-entry.ts'

/** Who nests deeper has no more to say. */
const DEPTH_MAX = 8

const detail = { details: { target: 'string?', top_code: 'string?' } } as const

const entries = {
  badRequest: says('BadRequest', 400, 'request.invalid', 'The request is not valid.', { ...detail, read: { code: ['badRequest', 'invalidRequest', 'InvalidRequestContent', 'InvalidRequestFormat', 'InvalidTemplate', 'InvalidContentLink', 'Request_BadRequest'] } }),
  invalidParameter: says('InvalidParameter', 400, 'field.invalid', 'A value is not valid; `target` names it.', { ...detail, read: { code: ['invalidRange', 'InvalidParameterValue', 'nullValue', 'malformedValue', 'AccountNameInvalid', 'StorageAccountNameNotValid'] } }),
  missingToken: says('AuthenticationFailed', 401, 'credential.invalid', 'The token is missing or not valid.', { ...detail, read: { code: ['InvalidAuthenticationToken', 'InvalidAuthenticationTokenTenant', 'unauthenticated', 'Unauthorized'], status: 403 } }),
  expiredToken: says('ExpiredAuthenticationToken', 401, 'token.expired', 'The token has expired.', detail),
  forbidden: says('AuthorizationFailed', 403, 'permission.denied', 'The caller lacks a role for this.', { ...detail, read: { code: ['LinkedAuthorizationFailed', 'Authorization_RequestDenied', 'accessDenied', 'Forbidden', 'RequestDisallowedByPolicy'] } }),
  subscriptionDisabled: says('ReadOnlyDisabledSubscription', 409, 'account.suspended', 'The subscription is disabled.', { ...detail, read: { code: ['SubscriptionDisabled', 'DisabledSubscription'], status: 403 } }),
  notRegistered: says('MissingSubscriptionRegistration', 409, 'account.not_entitled', 'The subscription is not registered for this provider.', { ...detail, read: { code: ['NoRegisteredProviderFound', 'SubscriptionNotRegistered'], status: 400 } }),
  notFound: says('ResourceNotFound', 404, 'resource.not_found', 'The resource does not exist.', { ...detail, read: { code: ['notFound', 'NotFound', 'itemNotFound', 'ResourceGroupNotFound', 'SubscriptionNotFound', 'ParentResourceNotFound', 'Request_ResourceNotFound'] } }),
  conflict: says('Conflict', 409, 'resource.conflict', 'The state of the resource does not allow this.', { ...detail, read: { code: ['nameAlreadyExists', 'resourceModified', 'notAllowed', 'ResourceGroupBeingDeleted', 'StorageAccountAlreadyExists', 'StorageAccountAlreadyTaken'] } }),
  operationNotAllowed: says('OperationNotAllowed', 409, 'resource.conflict', 'The operation is not allowed in this state.', detail),
  coreQuota: says('OperationNotAllowed', 409, 'quota.exhausted', 'The quota of cores does not cover this: told by the sentence alone.', { ...detail, action: 'request_access', read: '*exceeding approved*' }),
  anotherOperation: says('AnotherOperationInProgress', 409, 'resource.conflict', 'Another operation has the resource in hand.', { ...detail, retry: 'backoff', action: 'wait', read: { code: ['RetryableErrorDueToAnotherOperation', 'OperationPreempted'], status: 429 } }),
  quotaExceeded: says('QuotaExceeded', 409, 'quota.exhausted', 'The quota of the subscription does not cover this.', { ...detail, action: 'request_access', read: { code: ['ResourceQuotaExceeded', 'Directory_QuotaExceeded', 'quotaLimitReached'], status: [400, 403, 507] } }),
  noCapacity: says('AllocationFailed', 409, 'capacity.overloaded', 'The region has no capacity of this kind left.', { ...detail, read: { code: ['ZonalAllocationFailed', 'OverconstrainedAllocationRequest', 'OverconstrainedZonalAllocationRequest', 'SkuNotAvailable'] } }),
  tooManyRequests: says('TooManyRequests', 429, 'rate.limited', 'Requests come faster than allowed.', { ...detail, read: { code: ['tooManyRequests', 'activityLimitReached', 'SubscriptionRequestsThrottled', 'ResourceCollectionRequestsThrottled', 'RateLimitReached'] } }),
  retryable: says('RetryableError', 429, 'upstream.unavailable', 'Something behind it is busy for the moment.', { ...detail, read: { status: [409, 503] } }),
  internal: says('InternalServerError', 500, 'internal', 'Something failed at Azure.', { ...detail, action: 'wait', read: { code: ['InternalError', 'generalException', 'internalServerError'] } }),
  timeout: says('GatewayTimeout', 504, 'upstream.timeout', 'The operation took too long.', { ...detail, read: { code: ['OperationTimedOut', 'OperationTimedOutOnServer', 'ServerTimeout'], status: 500 } }),
  unavailable: says('ServiceUnavailable', 503, 'upstream.unavailable', 'The service is not available.', { ...detail, source: 'api', read: { code: ['ServerBusy', 'serviceNotAvailable', 'serviceUnavailable'] } }),
} as const satisfies { readonly [id: string]: EntryDeclaration }

const known: ReadonlySet<unknown> = new Set(Object.values(entries).flatMap((entry: EntryDeclaration) => [entry.code, ...recognisedBy(entry).code]))

const readAzure: Reader = (body, { status, headers }) => {
  const error = status !== undefined && status >= 400 ? objectOf(body, 'error') : undefined
  const top = textOf(error, 'code') ?? headers['x-ms-error-code']
  if (error === undefined || top === undefined) return undefined
  const codes = [top]
  for (let inner = objectOf(error, 'innererror') ?? objectOf(error, 'innerError'); inner !== undefined && codes.length < DEPTH_MAX; inner = objectOf(inner, 'innererror') ?? objectOf(inner, 'innerError')) {
    const code = textOf(inner, 'code')
    if (code !== undefined) codes.push(code)
  }
  const code = codes.findLast((each) => known.has(each)) ?? top
  return compact({
    code,
    message: textOf(error, 'message') ?? '',
    fields: toFieldIssues(listOf(error, 'details').flatMap((each) => {
      const target = textOf(each, 'target')
      return target === undefined ? [] : [[target, textOf(each, 'message') ?? ''] as const]
    })),
    details: compact({ target: textOf(error, 'target'), top_code: code === top ? undefined : top }),
  })
}

/** Azure (ARM, Graph, OData); read only. */
export const azure = defineDialect(
  {
    name: 'azure',
    title: 'Azure Resource Manager, Microsoft Graph, OData',
    docs: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors',
    decodeOnly: true,
    requestId: { format: 'uuid', header: 'x-ms-request-id' },
    headers: { 'x-ms-error-code': '$code' },
    // When they are back is not told.
    rateLimitHeaders: [
      { of: 'reads', remaining: 'x-ms-ratelimit-remaining-subscription-reads' },
      { of: 'writes', remaining: 'x-ms-ratelimit-remaining-subscription-writes' },
    ],
    envelope: { error: { error: { code: '$code', message: '$message', target: '$details.target?' } } },
    entries,
  },
  { reader: readAzure, parts: [patternsPart, textsPart, readerPart] },
)
