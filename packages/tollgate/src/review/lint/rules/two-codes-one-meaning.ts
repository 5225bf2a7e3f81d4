import type { LiteralEntry } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const twoCodesOneMeaning: Rule = {
  id: 'two-codes-one-meaning',
  severity: 'warning',
  topic: 'contradiction',
  title: 'Two codes for the same thing',
  why: 'Both speak for the same reason under the same conditions. Which one comes is up to whoever wrote the handler, and callers must know both.',
  source: 'AIP-193; the page of AI-API has three codes for a model that is not there',
  fix: 'Keep one, or say by `when` what tells them apart.',
  find: ({ entries }) => {
    const first = new Map<string, LiteralEntry>()
    return entries.flatMap((entry) => {
      const reasons = [...(entry.reason === undefined ? [] : [entry.reason]), ...(entry.declared.alsoFor ?? [])]
      const claims = reasons.map((reason) => JSON.stringify([reason, Object.entries(entry.declared.when ?? {}).toSorted()]))
      // A plain claim to a reason that another has as its own is no rival: it never comes true, and is told as such.
      const rivals = claims.flatMap((claim, at) => (at > 0 && entry.declared.when === undefined ? [] : (first.get(claim) ?? [])))
      const rival = rivals.find(({ code }) => code !== undefined && entry.code !== undefined && String(code) !== String(entry.code))
      for (const [at, claim] of claims.entries()) if ((at === 0 || entry.declared.when !== undefined) && !first.has(claim)) first.set(claim, entry)
      return rival === undefined ? [] : [{ path: `${entry.path}.code`, value: entry.code, problem: `says the same as ${JSON.stringify(rival.code)} of "${rival.id}"`, mend: 'keep one, or say by `when` what tells them apart' }]
    })
  },
  bad: { declaration: { entries: { unsupported: { code: 'UNSUPPORTED_MODEL', status: 400, reason: 'resource.not_found', when: { resource: 'model' } }, notFound: { code: 'MODEL_NOT_FOUND', status: 404, reason: 'resource.not_found', when: { resource: 'model' } } } }, paths: ['entries.notFound.code'] },
  good: { declaration: { entries: { unsupported: { code: 'UNSUPPORTED_MODEL', status: 400, reason: 'field.invalid', when: { field: 'model' } }, notFound: { code: 'MODEL_NOT_FOUND', status: 404, reason: 'resource.not_found', when: { resource: 'model' } } } } },
}
