import { isJsonObject } from '../../../contract/values/json-object.ts'
import { listed } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const successesDiffer: Rule = {
  id: 'successes-differ',
  severity: 'warning',
  topic: 'contradiction',
  title: 'Two shapes of one success',
  why: 'Two pages show the answer of one request with different members. A client that tells errors from successes by shape takes one of them for a failure.',
  source: 'LEAPERone: `{id,status}` in the guide, `{code:0,msg,data}` in the reference',
  fix: 'Let them agree.',
  find: ({ examples }) => {
    const first = new Map<string, { readonly at: number; readonly names: string }>()
    return examples.flatMap(({ success, request, body }, at) => {
      if (success !== true || request === undefined || !isJsonObject(body)) return []
      const names = listed(Object.keys(body).toSorted())
      const before = first.get(request)
      if (before === undefined) first.set(request, { at, names })
      return before === undefined || before.names === names ? [] : [{ path: `examples[${at}].body`, value: names, problem: `is what ${request} answers, and examples[${before.at}] has ${before.names}`, mend: 'let the two agree' }]
    })
  },
  bad: { declaration: { examples: [{ success: true, request: 'POST /images', body: { id: 1, status: 'pending' } }, { success: true, request: 'POST /images', body: { code: 0, data: { id: 1 } } }] }, paths: ['examples[1].body'] },
  good: { declaration: { examples: [{ success: true, request: 'POST /images', body: { id: 1, status: 'pending' } }, { success: true, request: 'POST /images', body: { status: 'pending', id: 2 } }] } },
}
