/** Names out of the ids of entries, which may be any text: of ASCII letters and digits, so that they are identifiers in every language and in URLs. */

/** Gives each id a name of its own. The same ids in the same order get the same names. `ending`: what each of them ends with. */
export function createNames(ending: string): (id: string) => string {
  const taken = new Set<string>()
  return (id) => {
    const words = wordsIn(id)
    const name = words.map(capitalised).join('')
    const whole = name.endsWith(ending) && name !== ending ? name : `${/^\d/.test(name) || name === '' ? 'Entry' : ''}${name}${ending}`
    const stem = /^\d/.test(whole) ? `Entry${whole}` : whole
    let unique = stem
    // `a-b` and `aB` are two entries. Some languages do not tell case apart in names of files.
    for (let count = 2; taken.has(unique.toLowerCase()); count += 1) unique = `${stem.slice(0, stem.length - ending.length)}${count}${ending}`
    taken.add(unique.toLowerCase())
    return unique
  }
}

/** `dailyQuota`, `daily_quota` and `DAILY-QUOTA` are two words each. */
export function wordsIn(text: string): readonly string[] {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

export function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}
