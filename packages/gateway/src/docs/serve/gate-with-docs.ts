import { answerWith, type Gate } from 'tollgate/gate'
import type { DocsAnswers } from './docs-answers.ts'

/** The references of APIs are taken from these before any key is asked for, and are in no log. */
export function gateWithDocs(gate: Gate, docs: DocsAnswers): Gate {
  return {
    ...gate,
    begin(call) {
      const answer = docs.answerTo(call.method, call.target, call.headers)
      return answer === undefined ? gate.begin(call) : answerWith(answer)
    },
  }
}
