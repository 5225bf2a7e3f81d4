/**
 * AWS, read only, whatever the protocol: JSON 1.0 and 1.1, REST with JSON or XML, Query and EC2. The name of the exception says what it is, and the status little:
 * throttling is 400 in most services, 503 in S3, 429 in some. The names that mean throttling are those of the SDKs (smithy-typescript, constants of the retry module).
 * `LimitExceededException` is one of them; under 429 it is how API Gateway says that the quota of a plan is used up. Exceptions inside event streams are not read.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { textsPart } from '../contract/read/parts/texts-part.ts'
import { readAws } from './aws-reader.ts'
import { says } from './read-only-entry.ts'

/** AWS; read only. */
export const aws = defineDialect(
  {
    name: 'aws',
    title: 'AWS (JSON, REST, Query, EC2, S3)',
    docs: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html',
    decodeOnly: true,
    requestId: { format: 'uuid', header: 'x-amzn-requestid' },
    headers: { 'x-amzn-errortype': '$code' },
    envelope: { error: { __type: '$code', message: '$message' } },
    entries: {
      // Rates and quotas

      throttling: says('ThrottlingException', 400, 'rate.limited', 'Requests come faster than allowed. The status is 400 in most services.', {
        retry: 'backoff',
        read: {
          code: [
            'Throttling', 'ThrottledException', 'RequestThrottled', 'RequestThrottledException', 'RequestLimitExceeded', 'BandwidthLimitExceeded', 'EC2ThrottledException', 'ProvisionedThroughputExceededException',
            'PriorRequestNotComplete', 'TooManyRequestsException', 'SlowDown',
          ],
        },
      }),
      limitExceeded: says('LimitExceededException', 400, 'rate.limited', 'A limit is exceeded: of a rate, as the SDKs take it.', { retry: 'backoff' }),
      planQuotaExceeded: says('LimitExceededException', 429, 'quota.exhausted', 'The quota of a usage plan is used up, at API Gateway.'),
      serviceQuotaExceeded: says('ServiceQuotaExceededException', 400, 'quota.exhausted', 'More than the service allows the account.', { action: 'request_access', read: { status: 402, code: ['InstanceLimitExceeded', 'VcpuLimitExceeded', 'LimitExceeded'] } }),
      transactionInProgress: says('TransactionInProgressException', 400, 'idempotency.in_progress', 'The transaction of this token is still running.', { retry: 'backoff' }),

      // Credentials

      missingToken: says('MissingAuthenticationToken', 403, 'credential.missing', 'The request is not signed. API Gateway says so of a path that it does not know, too.', { read: { code: 'MissingAuthenticationTokenException' } }),
      invalidToken: says('UnrecognizedClientException', 400, 'credential.invalid', 'The key, or the token, is unknown.', { read: { code: ['InvalidClientTokenId', 'InvalidAccessKeyId', 'IncompleteSignature', 'AuthFailure'] } }),
      expiredToken: says('ExpiredTokenException', 400, 'token.expired', 'The session token has expired.', { read: { code: ['ExpiredToken', 'TokenRefreshRequired'] } }),
      clockSkew: says('InvalidSignatureException', 403, 'credential.invalid', 'The signature does not fit. Where the clock is wrong, it does once that is put right.', { read: { code: ['SignatureDoesNotMatch', 'RequestExpired', 'RequestInTheFuture', 'RequestTimeTooSkewed'] } }),
      accessDenied: says('AccessDeniedException', 403, 'permission.denied', 'The caller may not do this.', { read: { code: ['AccessDenied', 'UnauthorizedOperation', 'NotAuthorized', 'ForbiddenException'] } }),
      optInRequired: says('OptInRequired', 403, 'account.not_entitled', 'The account has not subscribed to the service.', { read: { code: 'SubscriptionRequiredException' } }),
      accountProblem: says('AccountProblem', 403, 'account.suspended', 'There is a problem with the account.'),

      // Requests and resources

      validation: says('ValidationException', 400, 'request.invalid', 'The request is not valid.', { read: { code: ['ValidationError', 'InvalidParameter*', 'InvalidRequest*', 'MalformedQueryString', 'SerializationException', 'BadRequestException'] } }),
      missingParameter: says('MissingParameter', 400, 'field.missing', 'A parameter is missing.', { read: { code: 'MissingParameter*' } }),
      tooLarge: says('RequestEntityTooLargeException', 413, 'request.too_large', 'The request is too large.', { read: { code: ['EntityTooLarge', 'RequestTooLargeException', 'ItemCollectionSizeLimitExceededException'], status: 400 } }),
      unknownOperation: says('UnknownOperationException', 404, 'method.not_allowed', 'There is no such operation.', { read: { code: ['InvalidAction', 'UnsupportedOperation*'], status: 400 } }),
      notFound: says('ResourceNotFoundException', 404, 'resource.not_found', 'The resource does not exist.', { read: { code: ['NoSuchKey', 'NoSuchBucket', 'NoSuchEntity', 'NotFoundException', '*.NotFound'], status: 400 } }),
      conflict: says('ConflictException', 409, 'resource.conflict', 'The state of the resource does not allow this.', { read: { code: ['ResourceInUseException', 'ResourceConflictException', 'OperationAborted', 'BucketAlreadyExists', 'EntityAlreadyExists', 'ConditionalCheckFailedException', 'TransactionCanceledException'], status: 400 } }),
      transactionConflict: says('TransactionConflictException', 400, 'resource.conflict', 'Another transaction has this item in hand.', { retry: 'backoff', action: 'wait' }),
      idempotencyMismatch: says('IdempotentParameterMismatchException', 400, 'idempotency.mismatch', 'The token was used with other parameters.', { read: { code: 'IdempotentParameterMismatch' } }),

      // Failures

      requestTimeout: says('RequestTimeout', 408, 'upstream.timeout', 'The request took too long.', { source: 'api', read: { code: ['RequestTimeoutException', 'ModelTimeoutException'], status: 400 } }),
      modelNotReady: says('ModelNotReadyException', 429, 'capacity.overloaded', 'The model is not ready yet: nothing that the caller used up.'),
      modelError: says('ModelErrorException', 424, 'upstream.failed', 'The model failed.', { source: 'api', read: { code: 'ModelStreamErrorException' } }),
      noCapacity: says('InsufficientInstanceCapacity', 500, 'capacity.overloaded', 'There is no capacity of this kind left here.', { read: { code: 'Insufficient*Capacity', status: 503 } }),
      internal: says('InternalServerError', 500, 'internal', 'Something failed at AWS.', { action: 'wait', read: { code: ['InternalFailure', 'InternalError', 'InternalServerException', 'InternalServiceError'] } }),
      unavailable: says('ServiceUnavailable', 503, 'upstream.unavailable', 'The service is not available.', { source: 'api', read: { code: ['ServiceUnavailableException', 'Unavailable'] } }),
    },
  },
  { reader: readAws, parts: [patternsPart, textsPart, readerPart] },
)
