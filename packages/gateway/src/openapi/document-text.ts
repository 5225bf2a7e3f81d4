/**
 * A document in YAML or JSON as text that is edited: lines are put in and taken out where something changes, and every other byte stays: comments, quotes, folding,
 * order. What came out is parsed again and must say what was meant; where it does not, the library writes the document anew. JSON has no comments, and is
 * written anew with its own indentation.
 */
import { editYaml, type EditedText } from './edit-yaml.ts'
import type { Edit } from './merge-plan.ts'
import { withEdits } from './with-edits.ts'

/** `data`: what the text says. */
export function editText(text: string, data: unknown, edits: readonly Edit[]): EditedText {
  if (edits.length === 0) return { ok: true, text }
  const wanted = withEdits(data, edits)
  if (isJson(text)) return { ok: true, text: `${JSON.stringify(wanted, null, indentOfJson(text))}${text.endsWith('\n') ? '\n' : ''}` }
  const edited = editYaml(text.replaceAll('\r\n', '\n'), wanted, edits)
  return edited.ok && text.includes('\r\n') ? { ok: true, text: edited.text.replaceAll('\n', '\r\n') } : edited
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function indentOfJson(text: string): string | number {
  return /\n([ \t]+)"/.exec(text)?.[1] ?? (text.trim().includes('\n') ? 2 : 0)
}
