import { openDataFolder } from '../src/data-folder.ts'
import type { Language, LanguageCode } from '../src/language.ts'

export const data = openDataFolder(new URL('../', import.meta.url))

export function language(code: LanguageCode): Language {
  const found = data.languages.get(code)
  if (found === undefined) throw new Error(`there is no language ${code}`)
  return found
}
