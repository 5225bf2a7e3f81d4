/** Whose key is this? Who has a secret in hand (it was found where it should not be, or its owner asks why it is refused) learns which key it is. */
import { z } from 'zod'
import { settings } from '../config/read/scalars.ts'
import { operation } from './operation.ts'
import { done, refused } from './reply.ts'
import { showAccount, shownAccount } from './shown-account.ts'
import { showKey, shownKey } from './shown-key.ts'

export const keySearch = operation({
  name: 'keys.find',
  method: 'POST',
  path: '/v1/keys/find',
  words: 'which key has this secret, and whose it is; the secret is neither kept nor repeated',
  may: 'write',
  input: { body: settings({ secret: z.string().min(1, 'must not be empty').describe('the key as its caller has it') }) },
  secrets: ['secret'],
  output: z.object({ key: shownKey.describe('also one that is over'), account: shownAccount.describe('whose it is') }),
  async handle({ body: { secret } }, { config, directory }) {
    for (const { name } of config().apis) {
      const found = await directory.findKey(name, secret)
      if (found !== undefined) return done({ key: showKey(found.key), account: showAccount(found.account) })
    }
    return refused('resource.not_found', { resource: 'key', issue: 'no key has this secret; those of deleted accounts are gone' })
  },
})
