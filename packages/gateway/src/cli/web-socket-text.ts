/** The end of a WebSocket on the command line: `frame` and a message, `close` and a code with its reason, a line each. */
import type { Contract, ReadError, WebSocketEnd } from 'tollgate/contract'

export function formatWebSocketEnd({ frame, closeCode, closeReason }: WebSocketEnd): string {
  return `${frame === undefined ? '' : `frame  ${frame}\n`}close  ${`${closeCode} ${closeReason}`.trimEnd()}\n`
}

/** The first line that says a refusal, and in which form. */
export function readWebSocketText(contract: Contract, text: string | Uint8Array): { readonly error: ReadError | undefined; readonly form: string | undefined } {
  const lines = typeof text === 'string' ? text : new TextDecoder().decode(text)
  for (const line of lines.split(/\r?\n/)) {
    const [, what, said = ''] = /^\s*(frame|close)\s+(.*)$/.exec(line) ?? []
    const [, code = '', reason = ''] = /^(\d+)\s*(.*)$/.exec(said) ?? []
    const error = what === 'frame' ? contract.readFrame(said) : what === 'close' ? contract.readClose({ code: Number(code), reason }) : undefined
    if (error !== undefined) return { error, form: what === 'frame' ? 'envelope.webSocket.frame' : 'envelope.webSocket.close' }
  }
  return { error: undefined, form: undefined }
}
