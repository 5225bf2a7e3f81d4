/**
 * What the service knows, from the files of this package: models, languages, policy. They are read once, when the service is made, and a damaged
 * one is an error there. `voices/ACCOUNT.json` holds sentences that an account taught the text models; it is read at each call, and a damaged one
 * makes the call fail: that is a defect of ours, not an outcome.
 */
import { readFileSync } from 'node:fs'
import { readIfThere } from '@tollgate/example-parts/read-if-there'
import { languageCodes, toLanguage } from './language.ts'
import type { LanguageFile, Languages } from './language.ts'
import { createModels } from './models.ts'
import type { Model, Models } from './models.ts'
import { createPolicy } from './policy.ts'

export interface DataFolder {
  readonly models: Models
  readonly languages: Languages
  /** Whether an image of this is prohibited. */
  readonly isProhibited: (prompt: string) => boolean
  /** No sentences for an account that taught none. */
  readonly voiceOf: (account: string) => Promise<readonly string[]>
}

/** `folder` ends in a slash. */
export function openDataFolder(folder: URL): DataFolder {
  const read = <T>(name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T
  return {
    models: createModels(read<readonly Model[]>('models.json')),
    languages: new Map(languageCodes.map((code) => [code, toLanguage(code, read<LanguageFile>(`languages/${code}.json`))])),
    isProhibited: createPolicy(read<{ readonly images: readonly string[] }>('policy.json').images),
    async voiceOf(account) {
      // The name becomes part of a path: anything but a plain identifier has no voice.
      const text = /^\w{1,64}$/.test(account) ? await readIfThere(new URL(`voices/${account}.json`, folder)) : undefined
      return text === undefined ? [] : (JSON.parse(text) as { readonly sentences: readonly string[] }).sentences
    },
  }
}
