/**
 * Shopify, read only. Three forms: REST with a map of field → sentences (or one sentence) and a true status; GraphQL with 200 and `errors`, where
 * THROTTLED tells the wait as costs; mutations with 200 and `userErrors` inside the data.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { readerPart } from '../contract/read/parts/reader-part.ts'
import { readShopify } from './shopify-reader.ts'
import { says } from './read-only-entry.ts'

/** Shopify, Admin and Storefront; read only. */
export const shopify = defineDialect(
  {
    name: 'shopify',
    title: 'Shopify (REST, GraphQL, user errors)',
    docs: 'https://shopify.dev/docs/api/usage/response-codes',
    decodeOnly: true,
    envelope: { error: { errors: '$fields' } },
    entries: {
      throttled: {
        ...says('THROTTLED', 429, 'rate.limited', 'The bucket of query costs is too empty for this query.'),
        details: { wait_ms: 'integer? from retryAfterMs' },
      },
      accessDenied: says('ACCESS_DENIED', 403, 'permission.denied', 'The token lacks an access scope.'),
      maxCostExceeded: says('MAX_COST_EXCEEDED', 400, 'request.too_large', 'The query alone costs more than the bucket holds.'),
      shopInactive: says('SHOP_INACTIVE', 403, 'account.disabled', 'The shop is not active.'),
      serverError: says('INTERNAL_SERVER_ERROR', 500, 'internal', 'Shopify failed.', { action: 'wait' }),
      userErrors: says('', 422, 'field.invalid', 'The mutation was refused for what its input says.'),
    },
  },
  { reader: readShopify, parts: [readerPart] },
)
