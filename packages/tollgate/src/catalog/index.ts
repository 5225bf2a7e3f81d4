/** Shipped contracts: how known APIs refuse. */
import type { Contract } from '../contract/declare/contract.ts'
import { aiApi } from './ai-api.ts'
import { aspnet } from './aspnet.ts'
import { chatads } from './chatads.ts'
import { fastapi } from './fastapi.ts'
import { google } from './google.ts'
import { graphql } from './graphql.ts'
import { jogg } from './jogg.ts'
import { jsonApi } from './json-api.ts'
import { jsonRpc } from './json-rpc.ts'
import { leaperone } from './leaperone.ts'
import { nexalayer } from './nexalayer.ts'
import { openai } from './openai.ts'
import { problem } from './problem.ts'
import { s3 } from './s3.ts'
import { shopify } from './shopify.ts'
import { slack } from './slack.ts'
import { sms } from './sms.ts'

// Written and read
export { aiApi, chatads, jogg, leaperone, nexalayer, openai, problem }

// Written and read, for a shape rather than an API
export { aspnet, fastapi, graphql, jsonApi, jsonRpc, s3, sms }

// Read only
export { google, shopify, slack }

/**
 * All of them by name. Look up with `Object.hasOwn`: a configuration may ask for `constructor`.
 *
 * @example
 * Object.hasOwn(catalog, 'openai') ? catalog['openai']?.name : undefined // => 'openai'
 */
export const catalog: { readonly [name: string]: Contract } = {
  'ai-api': aiApi,
  aspnet,
  chatads,
  fastapi,
  google,
  graphql,
  jogg,
  'json-api': jsonApi,
  'json-rpc': jsonRpc,
  leaperone,
  nexalayer,
  openai,
  problem,
  s3,
  shopify,
  slack,
  sms,
}
