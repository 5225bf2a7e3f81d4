/** What a parser's words mean to who wrote the file: which line, and what to change. Values are never quoted, since they may be secrets; names of settings are. */

const COLON_IN_VALUE = 'has a colon followed by a space, which would begin a setting within it; put the value in quotes'

/** Better words for a fault at this line, counted from 1; undefined where the parser's are good enough. */
export function yamlFault(message: string, text: string, line: number): string | undefined {
  const lines = text.split('\n')
  const own = lines[line - 1] ?? ''
  if (message.startsWith('Nested mappings are not allowed')) return colonFault(own) ?? deeperFault(lines, line)
  if (/same column|without - indicator|at the same indentation|Implicit map keys? need|Implicit keys need/.test(message)) return colonFault(own) ?? nameFault(own) ?? indentFault(lines, line)
  if (message.startsWith('Block collections are not allowed within flow')) return /[{[,]\s*-\s/.test(own) ? 'within braces and brackets a list is written [a, b], without dashes' : `a value ${COLON_IN_VALUE}`
  const [, quote] = /^Missing closing (["'])quote/.exec(message) ?? []
  if (quote !== undefined) return `a ${quote} that was opened here is not closed`
  const [, opened] = /^Unexpected flow-(map|seq)-start at node end/.exec(message) ?? []
  if (opened !== undefined) return `a value with "${opened === 'map' ? '{' : '['}" in it must stand in quotes here`
  if (message.startsWith('Missing , or :') && /[^\s,[{:][{[]/.test(own)) return 'a comma is missing, or a value with "{" in it must stand in quotes here'
  if (message.startsWith('Unexpected scalar at node end') && /["']/.test(own)) return 'something follows the closing quote; put the whole value in quotes'
  if (message.startsWith('Plain value cannot start with')) return 'a value that begins with this character must stand in quotes'
  const [, closing] = /^Unexpected flow-(map|seq)-end token/.exec(message) ?? []
  if (closing !== undefined) return `"${closing === 'map' ? '}' : ']'}" closes nothing that was opened`
  if (message.startsWith('Tabs are not allowed')) return 'the line begins with a tab; indent with spaces'
  const [, bracket] = /^Flow (map|sequence)/.exec(message) ?? []
  if (bracket !== undefined) return `a "${bracket === 'map' ? '{' : '['}" that was opened above is not closed by "${bracket === 'map' ? '}' : ']'}"`
  return undefined
}

/** `contract: x: y`: what follows the second colon would be a setting of a setting, on one line. */
function colonFault(line: string): string | undefined {
  const [, name, rest = ''] = /^\s*(?:- +)*([\w$.-]{1,60}):\s+(\S.*)$/.exec(line) ?? []
  const isPlain = !/^["'[{|>&*!#]/.test(rest)
  return name !== undefined && isPlain && /:(?:\s|$)/.test(rest) ? `the value of "${name}" ${COLON_IN_VALUE}` : undefined
}

/** `contract:problem`, or a word alone: text, where a setting of the same group follows. */
function nameFault(line: string): string | undefined {
  if (/^\s*(?:- +)*[\w$.-]+:[^\s/]/.test(line)) return 'a setting is written "name: value", with a space after the colon'
  return line.includes(':') ? undefined : 'the line is no setting; a setting is written "name: value"'
}

/** A value is there already, and the next line stands deeper, as if it belonged to it. */
function deeperFault(lines: readonly string[], line: number): string | undefined {
  const own = indentOf(lines[line - 1] ?? '')
  const next = lines.findIndex((text, at) => at >= line && isMeant(text))
  const indent = indentOf(lines[next] ?? '')
  if (next === -1 || indent <= own) return undefined
  return `line ${next + 1} is indented by ${spaces(indent)}, deeper than line ${line}, which has a value already; give settings of one group the same indentation (${spaces(own)})`
}

/** It stands at no level that is open there. */
function indentFault(lines: readonly string[], line: number): string | undefined {
  const own = indentOf(lines[line - 1] ?? '')
  const levels: number[] = []
  for (const text of lines.slice(0, line - 1).filter(isMeant)) {
    const indent = indentOf(text)
    while ((levels.at(-1) ?? -1) > indent) levels.pop()
    for (const level of [indent, indent + (/^\s*(- +)/.exec(text)?.[1]?.length ?? 0)]) if (level > (levels.at(-1) ?? -1)) levels.push(level)
  }
  if (levels.includes(own) || levels.length === 0) return undefined
  return `the line is indented by ${spaces(own)}, where ${levels.length === 1 ? '' : `${levels.slice(0, -1).join(', ')} or `}${levels.at(-1)} would belong to something above; give settings of one group the same indentation`
}

function isMeant(line: string): boolean {
  return !/^\s*(?:#|$)/.test(line)
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0
}

function spaces(count: number): string {
  return count === 1 ? '1 space' : `${count} spaces`
}
