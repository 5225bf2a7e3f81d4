/**
 * Stripe, read only: v1, v2, and OAuth, where `error` is a text. Nearly two hundred codes, by what they mean. A refused card is 402 and is no matter of trying again;
 * 429 has no Retry-After and Stripe's own libraries do not repeat it; what the server itself advises stands in `Stripe-Should-Retry`. A 500 is replayed under the same
 * key, so that it stays one.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { says } from './read-only-entry.ts'

const common = { param: 'string?', decline_code: 'string?', advice_code: 'string?', charge: 'string?', doc_url: 'string?', request_log_url: 'string?' } as const
const invalid = { attributes: { type: 'invalid_request_error' }, details: common } as const
/** Said by who issued the card. */
const card = { attributes: { type: 'card_error' }, details: common, source: 'upstream' } as const

/** Stripe; read only. */
export const stripe = defineDialect({
  name: 'stripe',
  title: 'Stripe (v1, v2, OAuth)',
  docs: 'https://docs.stripe.com/error-codes',
  decodeOnly: true,
  idempotencyKey: 'Idempotency-Key',
  requestId: { format: 'base62', prefix: 'req_', header: 'request-id' },
  envelope: {
    error: {
      error: {
        type: '$type?', code: '$code?', message: '$message', param: '$details.param?', decline_code: '$details.decline_code?', advice_code: '$details.advice_code?',
        charge: '$details.charge?', doc_url: '$details.doc_url?', request_log_url: '$details.request_log_url?',
      },
    },
    families: { oauth: { error: '$code', error_description: '$message' } },
  },
  entries: {
    // 400

    invalidRequest: says('', 400, 'request.invalid', 'The request is not valid.', invalid),
    missingParameter: says('parameter_missing', 400, 'field.missing', 'A required parameter is absent; `param` names it.', invalid),
    invalidParameter: says('parameter_invalid_empty', 400, 'field.invalid', 'A parameter is not valid; `param` names it.', {
      ...invalid,
      read: {
        code: [
          'parameter_invalid_*', 'parameter_unknown', 'parameters_exclusive', '*_invalid_parameter', '*_invalid_parameter_testmode', 'invalid_fields', 'invalid_characters', 'email_invalid', 'url_invalid',
          'amount_too_*', 'invalid_charge_amount', 'country_code_invalid', 'country_unsupported', 'postal_code_invalid', 'state_unsupported', 'tax_id_invalid', 'siret_invalid', 'account_number_invalid',
          'routing_number_invalid', 'bank_account_bad_routing_numbers', 'shipping_address_invalid', 'invalid_tax_location', 'invalid_mandate_reference_prefix_format', 'account_country_invalid_address',
          'invalid_card_type', 'invalid_source_usage', 'customer_tax_location_invalid', 'tax_id_prohibited', 'token_card_network_invalid', 'transfer_source_balance_parameters_mismatch', 'clearing_code_unsupported',
          'sepa_unsupported_account', 'charge_exceeds_*', 'cardholder_phone_number_required', 'missing', 'tls_version_unsupported', 'service_period_coupon_with_metered_tiered_item_unsupported', '*_upgrade_required',
          'terminal_location_country_unsupported',
        ],
      },
    }),
    alreadyExists: says('resource_already_exists', 400, 'resource.conflict', 'A resource of this id exists already.', { ...invalid, read: { code: ['bank_account_exists', 'token_already_used', 'token_in_use'] } }),
    unexpectedState: says('payment_intent_unexpected_state', 400, 'resource.conflict', 'The state of the resource does not allow this.', {
      ...invalid, read: { code: ['*_unexpected_state', 'intent_invalid_state', 'status_transition_invalid', 'charge_already_*', 'charge_expired_for_capture', 'charge_not_refundable', 'invoice_not_editable', 'coupon_expired', 'product_inactive', 'out_of_inventory'] },
    }),
    unusable: says('payment_method_not_available', 400, 'resource.conflict', 'What the request is about cannot be used so, in its state.', {
      ...invalid,
      read: {
        code: [
          'account_*', 'no_account', 'acss_debit_session_incomplete', 'bank_account_*', 'billing_invalid_mandate', 'capture_*', 'charge_disputed', 'customer_session_expired', 'financial_connections_*',
          'forwarding_api_inactive', 'india_recurring_payment_mandate_canceled', 'intent_verification_method_missing', 'invoice_*', 'payment_intent_*', 'payment_method_*', 'payout_reconciliation_not_ready',
          'refund_disputed_payment', 'return_intent_already_processed', 'setup_intent_*', 'sku_inactive', 'stripe_tax_inactive', '*_calculation_failed', 'failed_tax_calculation', 'terminal_reader_*',
        ],
      },
    }),
    blocked: says('request_blocked', 400, 'permission.denied', 'A rule of the account, or of Stripe, does not let it pass.', { ...invalid, read: { code: ['action_blocked', 'anomalous_money_movement_request', 'approval_required', 'ownership_declaration_not_allowed', 'instant_payouts_*_disabled'] } }),
    balanceInsufficient: says('balance_insufficient', 400, 'credit.insufficient', "The balance of the platform's own account does not cover this.", { ...invalid, read: { code: 'financial_account_balance_*' } }),
    limitReached: says('payouts_limit_exceeded', 400, 'quota.exhausted', 'A limit of a day or in number is reached.', {
      ...invalid, read: { code: ['instant_payouts_limit_exceeded', 'progressive_onboarding_limit_exceeded', 'customer_max_*', 'card_decline_rate_limit_exceeded', 'payment_intent_rate_limit_exceeded'] },
    }),
    idempotencyMismatch: says('', 400, 'idempotency.mismatch', 'The key was used with other parameters.', { attributes: { type: 'idempotency_error' }, details: common }),
    sessionExpired: says('', 400, 'session.expired', 'A temporary session has ended.', { attributes: { type: 'temporary_session_expired' }, details: common }),

    // 401, 403, 404

    invalidKey: says('', 401, 'credential.invalid', 'The key is missing or not valid.', invalid),
    keyExpired: says('api_key_expired', 401, 'credential.expired', 'The key has expired.', { ...invalid, read: { code: 'platform_api_key_expired' } }),
    secretKeyRequired: says('secret_key_required', 401, 'permission.denied', 'This needs a secret key, and a publishable one was sent.', { ...invalid, read: { status: 403 } }),
    wrongMode: says('livemode_mismatch', 401, 'credential.invalid', 'Key and resource are of test mode and of live mode.', { ...invalid, read: { status: [400, 404] } }),
    testModeOnly: says('testmode_charges_only', 402, 'account.not_entitled', 'The account may charge in test mode only.', { ...invalid, read: { status: [400, 403] } }),
    forbidden: says('', 403, 'permission.denied', 'The key may not do this.', invalid),
    notAllowed: says('payouts_not_allowed', 400, 'account.not_entitled', 'The account may not do this.', { ...invalid, read: { code: ['transfers_not_allowed', 'not_allowed_on_standard_account', 'application_fees_not_allowed', 'platform_account_required', '*_capability_*', 'instant_payouts_unsupported'] } }),
    resourceMissing: says('resource_missing', 404, 'resource.not_found', 'There is no resource of this id in this mode.', { ...invalid, read: { status: 400 } }),
    notFound: says('', 404, 'resource.not_found', 'There is nothing at this URL.', invalid),

    // 402: cards

    cardRefused: says('card_declined', 402, 'credit.insufficient', 'The card was refused; `decline_code` says why. Another way of paying is needed.', {
      ...card, read: { code: ['expired_card', 'incorrect_*', 'invalid_cvc', 'invalid_number', 'invalid_expiry_*', 'insufficient_funds', 'authentication_required', '*_authentication_failure', 'bank_account_declined', 'payment_method_customer_decline', 'payment_method_provider_decline', 'refer_to_customer', 'debit_not_authorized', 'payment_intent_payment_attempt_failed', 'setup_attempt_failed'] },
    }),
    cardRefusedUncoded: says('', 402, 'credit.insufficient', 'The card was refused.', card),
    processingError: says('processing_error', 402, 'upstream.failed', 'An error occurred while the card was processed. Later, or with another one, it may pass.', { ...card, retry: 'never' }),

    // 409, 429

    keyInUse: says('idempotency_key_in_use', 409, 'idempotency.in_progress', 'The first request with this key is still running.', { ...invalid, retry: 'backoff' }),
    rateLimited: says('rate_limit', 429, 'rate.limited', 'Requests come faster than allowed, or too many at once.', { ...invalid, retry: 'backoff', read: { status: 400 } }),
    rateLimitedUncoded: says('', 429, 'rate.limited', 'The same, by its type.', { attributes: { type: 'rate_limit_error' }, details: common, retry: 'backoff' }),
    rateLimitedV2: says('', 429, 'rate.limited', 'The same, as v2 says it.', { attributes: { type: 'rate_limit' }, details: common, retry: 'backoff' }),
    lockTimeout: says('lock_timeout', 429, 'concurrency.limited', 'Another request has this object in hand.', { ...invalid, retry: 'backoff', read: { status: [400, 409], code: 'terminal_reader_busy' } }),

    // 5xx

    apiError: says('', 500, 'internal', "Something failed at Stripe. Under the same key the same answer comes again, unless `Stripe-Should-Retry` says otherwise.", { attributes: { type: 'api_error' }, details: common, action: 'wait' }),
    upstreamFailed: says('forwarding_api_upstream_error', 502, 'upstream.failed', 'Who stands behind Stripe failed.', { attributes: { type: 'api_error' }, details: common, read: { code: ['forwarding_api_upstream_connection_error', 'forwarding_api_retryable_upstream_error'], status: [400, 402] } }),
    upstreamTimeout: says('forwarding_api_upstream_connection_timeout', 504, 'upstream.timeout', 'Who stands behind Stripe did not answer in time. The outcome is unknown.', { attributes: { type: 'api_error' }, details: common, retry: 'never', read: { code: 'payment_method_provider_timeout', status: [400, 402] } }),

    // OAuth

    invalidGrant: says('invalid_grant', 400, 'credential.invalid', 'The code, or the refresh token, is unknown, used or expired.', { family: 'oauth' }),
    invalidClient: says('invalid_client', 401, 'credential.invalid', 'The client is not known.', { family: 'oauth' }),
    invalidOAuthRequest: says('invalid_request', 400, 'request.invalid', 'The request of OAuth is not valid.', { family: 'oauth', read: { code: ['invalid_scope', 'unsupported_grant_type', 'unsupported_response_type'] } }),
  },
}, { parts: [patternsPart] })
