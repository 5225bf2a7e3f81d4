import { parseMessage, placeholdersOf } from '../../../contract/write/message.ts'
import type { Rule } from '../rule.ts'

export const detailNotShown: Rule = {
  id: 'detail-not-shown',
  severity: 'warning',
  topic: 'contradiction',
  title: 'A detail that no answer shows',
  why: 'The entry promises it, and neither the envelope nor a message nor a header has a place for it. Whoever reads the contract waits for a figure that never comes.',
  source: 'ARCHITECTURE.md, loss mask: what a dialect cannot carry',
  fix: 'Give the envelope `$details` or `$details.NAME`, or leave the detail out.',
  find: ({ declaration, entries }) =>
    declaration.envelope === undefined
      ? []
      : entries.flatMap(({ path, details, figures, slots, declared }) => {
          const inHeaders = new Set(Object.values(declared.headers ?? {}).flatMap((text) => placeholdersOf(parseMessage(text, () => {})).map(({ name }) => name)))
          return details
            .filter(({ name, from }) => !slots.some((slot) => slot.kind === 'details' || (slot.kind === 'detail' && slot.name === name)) && !figures.has(name) && !figures.has(from ?? name) && !inHeaders.has(name))
            .map(({ name }) => ({ path: `${path}.details.${name}`, value: declared.details?.[name], problem: 'has no place in the envelope, in a message or in a header', mend: `give the envelope "$details" or "$details.${name}"` }))
        }),
  bad: { declaration: { envelope: { error: { code: '$code', msg: '$message', data: null } }, entries: { slow: { code: 429, status: 429, reason: 'rate.limited', message: 'Slow down.', details: { retryAfter: 'seconds? from retryAfterMs' } } } }, paths: ['entries.slow.details.retryAfter'] },
  good: { declaration: { envelope: { error: { code: '$code', msg: '$message', data: '$details|null' } }, entries: { slow: { code: 429, status: 429, reason: 'rate.limited', message: 'Slow down.', details: { retryAfter: 'seconds? from retryAfterMs' } } } } },
}
