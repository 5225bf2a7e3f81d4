/** Object storage as S3 refuses (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html): XML, with the code in words. Successes are documents of other roots. */
import { defineDialect } from '../contract/read/dialect.ts'
import { xmlPart } from '../contract/read/parts/xml-part.ts'

/** The errors of S3, written and read. To read them a program brings a parser of XML, as the gateway does. */
export const s3 = defineDialect({
  name: 's3',
  title: 'S3',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
  requestId: { format: 'hex', header: 'x-amz-request-id' },
  envelope: {
    contentType: 'application/xml',
    error: { Error: { Code: '$code', Message: '$message', '...': '$details', RequestId: '$requestId' } },
  },
  entries: {
    accessDenied: {
      code: 'AccessDenied', status: 403, reason: 'permission.denied', alsoFor: ['credential.missing', 'account.*', 'content.blocked'],
      message: 'Access Denied', description: 'The caller may not do this, or says not who it is.',
    },
    unknownKey: {
      code: 'InvalidAccessKeyId', status: 403, reason: 'credential.invalid', alsoFor: ['credential.*'],
      message: 'The access key Id you provided does not exist in our records.', description: 'The key is unknown or revoked.',
    },
    expiredToken: { code: 'ExpiredToken', status: 400, reason: 'token.expired', message: 'The provided token has expired.', description: 'The session token is too old.' },
    accountProblem: {
      code: 'AccountProblem', status: 403, reason: 'credit.insufficient', message: 'There is a problem with your account that prevents the action from completing successfully.',
      description: 'What the call costs is not covered.', action: 'contact_support',
    },
    invalidArgument: {
      code: 'InvalidArgument', status: 400, reason: 'field.invalid', alsoFor: ['field.*'], details: { ArgumentName: 'string? from field', ArgumentValue: 'string?' },
      message: ['Invalid Argument: {issue}', 'Invalid Argument'], description: 'A parameter is missing or wrong.',
    },
    invalidRequest: {
      code: 'InvalidRequest', status: 400, reason: 'request.invalid', alsoFor: ['request.unsupported_media', 'idempotency.missing'],
      message: ['Invalid Request: {issue}', 'Invalid Request'], description: 'The request as a whole is wrong.',
    },
    entityTooLarge: {
      code: 'EntityTooLarge', status: 400, reason: 'request.too_large', details: { MaxSizeAllowed: 'integer? from bytesMax' },
      message: 'Your proposed upload exceeds the maximum allowed object size.', description: 'The body is larger than allowed.',
    },
    noSuchKey: {
      code: 'NoSuchKey', status: 404, reason: 'resource.not_found', alsoFor: ['resource.gone', 'route.unknown', 'session.not_found', 'session.expired'], details: { Key: 'string? from id' },
      message: 'The specified key does not exist.', description: 'There is no such object.',
    },
    methodNotAllowed: {
      code: 'MethodNotAllowed', status: 405, reason: 'method.not_allowed', details: { Method: 'string? from method' },
      message: 'The specified method is not allowed against this resource.', description: 'The path exists for other methods.',
    },
    operationAborted: {
      code: 'OperationAborted', status: 409, reason: 'resource.conflict', alsoFor: ['idempotency.*'],
      message: 'A conflicting conditional action is currently in progress against this resource. Try again.', description: 'Another request changes the same.', retry: 'backoff',
    },
    slowDown: {
      code: 'SlowDown', status: 503, reason: 'rate.limited', alsoFor: ['concurrency.*', 'quota.*', 'session.limited'],
      message: 'Please reduce your request rate.', description: 'Requests come faster than allowed.', retry: 'backoff',
    },
    serviceUnavailable: {
      code: 'ServiceUnavailable', status: 503, reason: 'upstream.unavailable', alsoFor: ['upstream.*', 'capacity.*', 'service.*'],
      message: 'Service is unable to handle request.', description: 'Maintenance, overload, or the storage does not answer.',
    },
    internalError: { code: 'InternalError', status: 500, reason: 'internal', message: 'We encountered an internal error. Please try again.', description: 'Something failed that should not have.' },
  },
}, { parts: [xmlPart(undefined)] })
