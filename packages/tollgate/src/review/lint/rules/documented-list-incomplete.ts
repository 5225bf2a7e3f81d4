import { listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const documentedListIncomplete: Rule = {
  id: 'documented-list-incomplete',
  severity: 'warning',
  topic: 'contradiction',
  title: 'A list of codes that leaves some out',
  why: 'A page lists the codes as if they were all: in front of it a reader concludes that the others do not come there, or that nothing is known of them.',
  source: 'NexaLayer: a retry guide for 8 of 16 codes',
  fix: 'List all, or say what holds for the rest.',
  find: ({ documented, entries }) => {
    const codes = [...new Map(entries.flatMap(({ code }) => (code === undefined || code === '' ? [] : [[String(code), code] as const]))).values()]
    return documented.flatMap(({ where, lists }, at) => {
      const told = lists?.codes
      if (told === undefined) return []
      const names = new Set(told.map(String))
      const left = codes.filter((code) => !names.has(String(code)))
      const unknown = told.filter((code) => String(code) !== '0' && !codes.some((each) => String(each) === String(code)))
      return [
        ...(left.length === 0 ? [] : [{ path: `documented[${at}].lists.codes`, value: listed(left), problem: `${left.length === 1 ? 'is' : 'are'} not in the list of ${where}`, mend: 'list all, or say what holds for the rest' }]),
        ...(unknown.length === 0 ? [] : [{ path: `documented[${at}].lists.codes`, value: listed(unknown), problem: `${unknown.length === 1 ? 'is' : 'are'} in the list of ${where}, and the code of no entry`, mend: 'write the entry, or take it out' }]),
      ]
    })
  },
  bad: { declaration: { documented: [{ where: 'the retry guide', lists: { codes: ['SLOW'] } }], entries: { slow: { code: 'SLOW', status: 429 }, failed: { code: 'FAILED', status: 500 } } }, paths: ['documented[0].lists.codes'] },
  good: { declaration: { documented: [{ where: 'the retry guide', lists: { codes: ['SLOW', 'FAILED'] } }], entries: { slow: { code: 'SLOW', status: 429 }, failed: { code: 'FAILED', status: 500 } } } },
}
