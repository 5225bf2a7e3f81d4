/** A recipe as lines for any POSIX shell: variables for what is captured, loops for what is repeated, standard input for files. */
import type { FormFile, FormPart, Recipe, RecipeRequest, Step } from './recipe.ts'

type Calls = Pick<Recipe, 'before' | 'request' | 'repeat' | 'parallel'>

export function toCurl(url: string, calls: Calls): string {
  const { before = [], request, repeat = 1, parallel = 1 } = calls
  const line = requestLine(url, request, '-i')
  return [
    ...(/\{\{fresh\}\}/.test(JSON.stringify([before, request])) ? ['fresh=$(date +%s)-$$'] : []),
    ...before.flatMap((step) => stepLines(url, step)),
    parallel > 1 ? `for n in $(seq ${parallel}); do (${line}; echo) & done; wait` : repeated(line, repeat),
  ].join('\n')
}

function stepLines(url: string, { request, capture = {}, repeat = 1, thenWaitSeconds }: Step): readonly string[] {
  const captures = Object.entries(capture)
  const [first] = captures
  const wait = thenWaitSeconds === undefined ? [] : [`sleep ${thenWaitSeconds}`]
  if (first === undefined) return [repeated(requestLine(url, request, '-i'), repeat), ...wait]
  const line = requestLine(url, request, '-s')
  // One value straight from the answer; of several, the answer is kept first.
  if (captures.length === 1) return [`${first[0]}=$(${line} | ${sedFor(first[1])})`, ...wait]
  return [`answer=$(${line})`, ...captures.map(([name, field]) => `${name}=$(printf %s "$answer" | ${sedFor(field)})`), ...wait]
}

/** The value behind the last `"field":` of a line; `captured` in `page/run.js` follows the same rule. */
function sedFor(field: string): string {
  return String.raw`sed -n 's/.*"${field}": *"*\([^",}]*\).*/\1/p'`
}

/** Answers end without a line break; the `echo` keeps them apart. */
function repeated(line: string, times: number): string {
  return times === 1 ? line : `for n in $(seq ${times}); do ${line}; echo; done`
}

function requestLine(url: string, { method, path, headers, body, bodyInShell, form, stream = false }: RecipeRequest, flag: string): string {
  const usual = body === undefined && form === undefined ? 'GET' : 'POST'
  const file = fileOf(form)
  const line = [
    `curl ${flag}${stream ? 'N' : ''}`,
    ...(method === usual ? [] : [`-X ${method}`]),
    quoteWord(url + path),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoteWord(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`${body.startsWith('@') ? '--data-raw' : '-d'} ${bodyInShell ?? quoteWord(body)}`]),
    ...(form ?? []).map(formOption),
  ].join(' ')
  return file === undefined ? line : `${fileBytes(file)} | ${line}`
}

/** curl takes a value that begins with `@` or `<` for a file name, unless it is told otherwise. */
function formOption(part: FormPart): string {
  if (part.kind === 'file') return `-F ${quoteWord(`${part.name}=@-;filename=${part.file.filename};type=${part.file.type}`)}`
  return `${/^[@<]|;/.test(part.value) ? '--form-string' : '-F'} ${quoteWord(`${part.name}=${part.value}`)}`
}

function fileOf(form: readonly FormPart[] = []): FormFile | undefined {
  const [file, ...more] = form.flatMap((part) => (part.kind === 'file' ? [part.file] : []))
  if (more.length > 0) throw new Error('a recipe can send one file: it comes from standard input')
  return file
}

function fileBytes({ begins, zeros = 0 }: FormFile): string {
  const beginning = `printf '${toPrintf(begins)}'`
  return zeros === 0 ? beginning : `{ ${beginning}; head -c ${zeros} /dev/zero; }`
}

/** Octal escapes are the only ones that every `printf` knows. */
function toPrintf(bytes: string): string {
  return bytes.replaceAll(/[^ !"#$&(-[\]-~]/g, (byte) => (byte === '%' ? '%%' : `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`))
}

/** Single quotes keep everything but a single quote, which is closed, escaped and opened again. `{{name}}` becomes the variable of that name. */
export function quoteWord(text: string): string {
  if (text === '') return "''"
  const pieces = text.split(/\{\{(\w+)\}\}/)
  return pieces.map((piece, index) => (index % 2 === 1 ? `"$${piece}"` : quotePiece(piece))).join('')
}

function quotePiece(text: string): string {
  return /^[\w./:@%+=-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
