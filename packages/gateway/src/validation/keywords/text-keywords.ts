import { formatNamed } from '../formats.ts'
import { wholeNumberAsked, type Keyword } from '../keyword.ts'
import { faultAt } from '../schema-node.ts'

export const textKeywords: { readonly [keyword: string]: Keyword } = {
  minLength(bound, context) {
    const least = wholeNumberAsked(bound, 'minLength', context)
    if (least === undefined) return undefined
    return (value, at, faults) => {
      if (typeof value === 'string' && (value.length < least || (value.length < least * 2 && characters(value) < least))) faults.push(faultAt(at, 'minLength', least))
    }
  },
  maxLength(bound, context) {
    const most = wholeNumberAsked(bound, 'maxLength', context)
    if (most === undefined) return undefined
    return (value, at, faults) => {
      if (typeof value === 'string' && value.length > most && (value.length > most * 2 || characters(value) > most)) faults.push(faultAt(at, 'maxLength', most))
    }
  },
  pattern(text, { pattern }) {
    const compiled = pattern(text)
    if (compiled === undefined) return undefined
    return (value, at, faults) => {
      if (typeof value === 'string' && !compiled.test(value)) faults.push(faultAt(at, 'pattern', text))
    }
  },
  format(name, { fail, note }) {
    if (typeof name !== 'string') return fail('format must be a name')
    const format = formatNamed(name)
    if (format === undefined) return void note(`the format "${name}" is not known here, so it is not checked`)
    if (format === 'anything') return undefined
    return (value, at, faults) => {
      const isRight = typeof value === 'string' ? format.text?.(value) : typeof value === 'number' ? format.number?.(value, at.run.source) : undefined
      if (isRight === false) faults.push(faultAt(at, 'format', name))
    }
  },
}

/** As people count them: an emoji is one, not two. */
function characters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
