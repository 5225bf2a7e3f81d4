/** `2026-11-29T01:02:03.004Z info  started url=https://127.0.0.1:8080`: a line of the log for eyes. */
export function formatTextLine(json: string): string {
  const { time, level, message, ...fields } = JSON.parse(json) as { readonly [name: string]: unknown }
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${shown(value)}`)
  return `${String(time)} ${String(level).padEnd(5)} ${shownMessage(String(message))}${rest.join('')}\n`
}

/** One line stays one line. */
function shownMessage(message: string): string {
  return message.replaceAll(/\p{Cc}+/gu, ' ')
}

function shown(value: unknown): string {
  return typeof value === 'string' && /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value)
}
