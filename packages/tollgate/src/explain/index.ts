export { explainText, type AgainAdvice, type Explained, type ExplainOptions, type Explanation, type Repeatable } from './explain-text.ts'
export type { PastedForm, PastedRequest } from './pasted-answer.ts'
export { parseHttpAnswer } from './http-text.ts'
