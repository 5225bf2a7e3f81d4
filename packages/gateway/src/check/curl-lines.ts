/** A probe as lines for any POSIX shell. Secrets are variables: no line has one in it. */
import type { FormPart, ProbeRequest } from './probe-request.ts'
import type { Probe, ProbeStep } from './probe.ts'

export interface CurlOptions {
  /** Without a slash at its end. */
  readonly url: string
  /** Names of credentials. */
  readonly credentials: readonly string[]
}

/** More than this of one character in a row is counted out by the shell. */
const RUN_CHARS = 200

export function toCurl(probe: Pick<Probe, 'steps'>, options: CurlOptions): string {
  const all = JSON.stringify(probe.steps)
  return [
    ...(all.includes('{{fresh}}') ? ['fresh=$(date +%s)-$$'] : []),
    ...probe.steps.flatMap((step, at) => stepLines(step, at === probe.steps.length - 1, options)),
  ].join('\n')
}

/** `CHECK_KEY_VALID`: what a shell has to know before it runs the lines. */
export function variableOf(credential: string): string {
  return `KEY_${credential.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).replaceAll(/\W/g, '_').toUpperCase()}`
}

export function variablesIn(probe: Pick<Probe, 'steps'>, { credentials }: Pick<CurlOptions, 'credentials'>): readonly string[] {
  const all = JSON.stringify(probe.steps)
  return credentials.filter((name) => all.includes(`{{${name}}}`)).map(variableOf)
}

function stepLines({ request, times, save, thenWaitMs }: ProbeStep, isLast: boolean, options: CurlOptions): readonly string[] {
  const line = (flags: string): string => requestLine(request, flags, options)
  const wait = thenWaitMs === 0 ? [] : [`sleep ${Math.ceil(thenWaitMs / 1000)}`]
  const saved = Object.entries(save)
  if (saved.length > 0) return [`answer=$(${line('-s')})`, ...saved.map(([name, path]) => `${shellName(name)}=$(printf %s "$answer" | ${sedFor(path)})`), ...wait]
  if (times.kind === 'together') return [`for n in $(seq ${times.count}); do (${line('-si')}; echo) & done; wait`, ...wait]
  if (times.kind === 'until-refused') return [`for n in $(seq ${times.count}); do ${line('-si')}; echo; done`, ...wait]
  return [line(isLast ? (request.method === 'HEAD' ? '-sI' : '-si') : '-s -o /dev/null'), ...wait]
}

/** The value behind the last `"field":` of a line. */
function sedFor(path: string): string {
  return String.raw`sed -n 's/.*"${path.split('.').at(-1)}": *"*\([^",}]*\).*/\1/p'`
}

function requestLine(request: ProbeRequest, flags: string, options: CurlOptions): string {
  const { method, path, headers, body } = request
  const usual = body.kind === 'none' ? 'GET' : 'POST'
  const word = (text: string): string => quoteWord(text, options)
  const [before, data] = bodyOptions(body, word)
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type')
  const line = [
    `curl ${flags}`,
    ...(method === usual || method === 'HEAD' ? [] : [`-X ${method}`]),
    // Spaces and the like stand encoded in a path already; what curl would take for a pattern does not.
    word(options.url + path),
    ...(/[{}[\]]/.test(path.replaceAll(/\{\{[\w-]+\}\}/g, '')) ? ['-g'] : []),
    ...headers.map(([name, value]) => `-H ${word(value === '' ? `${name};` : `${name}: ${value}`)}`),
    // It would say what is in the body by itself, and wrongly.
    ...(body.kind === 'text' && !hasType ? ["-H 'Content-Type:'"] : []),
    ...data,
  ].join(' ')
  return before === undefined ? line : `${before} | ${line}`
}

function bodyOptions(body: ProbeRequest['body'], word: (text: string) => string): readonly [before: string | undefined, options: readonly string[]] {
  if (body.kind === 'none') return [undefined, []]
  if (body.kind === 'form') return formOptions(body.parts)
  const [run] = new RegExp(String.raw`(.)\1{${RUN_CHARS},}`, 's').exec(body.text) ?? []
  if (run === undefined) return [undefined, [`--data-raw ${word(body.text)}`]]
  const at = body.text.indexOf(run)
  return [`{ printf %s ${word(body.text.slice(0, at))}; head -c ${run.length} /dev/zero | tr '\\0' ${word(run[0] ?? '')}; printf %s ${word(body.text.slice(at + run.length))}; }`, ['--data-binary @-']]
}

/** One file comes from standard input. */
function formOptions(parts: readonly FormPart[]): readonly [before: string | undefined, options: readonly string[]] {
  const file = parts.find((part) => part.kind === 'file')
  const options = parts.map((part) => (part.kind === 'text' ? `--form-string ${quotePiece(`${part.name}=${part.value}`)}` : `-F ${quotePiece(`${part.name}=@-;filename=${part.filename};type=${part.type}`)}`))
  const bytes = file?.kind === 'file' ? `printf %s ${quotePiece(file.base64)} | base64 -d` : undefined
  return [bytes !== undefined && file?.kind === 'file' && file.zeros > 0 ? `{ ${bytes}; head -c ${file.zeros} /dev/zero; }` : bytes, options]
}

/** Single quotes keep everything but a single quote. `{{name}}` becomes the variable of that name. */
function quoteWord(text: string, { credentials }: CurlOptions): string {
  if (text === '') return "''"
  const pieces = text.split(/\{\{([\w-]+)\}\}/)
  return pieces.map((piece, at) => (at % 2 === 1 ? `"$${credentials.includes(piece) ? variableOf(piece) : shellName(piece)}"` : quotePiece(piece))).join('')
}

function shellName(name: string): string {
  return name.replaceAll(/\W/g, '_')
}

function quotePiece(text: string): string {
  return /^[\w./:@%+=-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
