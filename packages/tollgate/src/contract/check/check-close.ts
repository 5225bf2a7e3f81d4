/** Whether the close of a WebSocket can be sent: its code, for each entry, and its reason, which has little room. */
import { closeCodeFault, closeCodeMend, closeCodeOf } from '../declare/close-code.ts'
import type { EntryDeclaration, WebSocketDeclaration } from '../declare/declaration.ts'
import { utf8Length } from '../values/utf8-length.ts'
import { parseHeader } from '../write/slot-text.ts'
import { CLOSE_REASON_BYTES_MAX } from '../write/web-socket-end.ts'
import type { ContractProblem } from './contract-error.ts'

type Report = (problem: ContractProblem) => void
type Entries = readonly (readonly [string, EntryDeclaration])[]

/** `checkSlots`: of a text with slots in it, as a header has them. */
export function checkClose(form: WebSocketDeclaration, entries: Entries, checkSlots: (text: string, path: string, entries: Entries, report: Report) => void, report: Report): void {
  const { code, reason } = form.close ?? {}
  const path = 'envelope.webSocket.close'
  const faultOfForm = checkFormCode(code, `${path}.code`, report)
  for (const [id, entry] of entries) {
    const closeCode = closeCodeOf(entry, form)
    const fault = closeCodeFault(closeCode)
    if (fault === undefined || (entry.closeCode === undefined && faultOfForm)) continue
    if (entry.closeCode !== undefined) report({ path: `entries.${id}.closeCode`, value: closeCode, problem: fault, mend: closeCodeMend })
    else report({ path: `${path}.code`, value: code, problem: `is ${closeCode} for "${id}", which ${fault}`, mend: closeCodeMend })
  }
  if (reason === undefined) return
  checkSlots(reason, `${path}.reason`, entries, report)
  const bytes = utf8Length(parseHeader(reason).map((part) => (typeof part === 'string' ? part : '')).join(''))
  if (bytes > CLOSE_REASON_BYTES_MAX) report({ path: `${path}.reason`, value: reason, problem: `is ${bytes} bytes long without its slots, and a close has room for ${CLOSE_REASON_BYTES_MAX}`, mend: 'write less; the message has room for more' })
}

/** Whether it is at fault by itself, whatever the entry. */
function checkFormCode(code: number | string | undefined, path: string, report: Report): boolean {
  if (code === undefined) return false
  const isText = typeof code === 'string'
  const problem = isText && !/^(?:\d|\{status\})+$/.test(code) ? 'is no code' : !isText || /^\d+$/.test(code) ? closeCodeFault(Number(code)) : undefined
  if (problem === undefined) return false
  report({ path, value: code, problem, mend: isText && problem === 'is no code' ? 'write a number, or figures and {status}: 4{status}' : closeCodeMend })
  return true
}

/** A code that nothing sends. */
export function checkIdleCloseCodes(entries: Entries, report: Report): void {
  for (const [id, { closeCode }] of entries) {
    if (closeCode !== undefined) report({ path: `entries.${id}.closeCode`, value: closeCode, problem: 'closes nothing, for the envelope has no form for WebSockets', mend: 'write envelope: { webSocket: {} }, or leave it out' })
  }
}
