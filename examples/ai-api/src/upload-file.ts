/** `POST /v1/files`. */
import type { IncomingMessage } from 'node:http'
import type { Caller } from './caller.ts'
import { sniffFormat } from './file-format.ts'
import { FILES_MAX, toFileView } from './files.ts'
import type { Files } from './files.ts'
import type { Notifier } from './notifier.ts'
import { refuse, refuseField } from './refusal.ts'
import { created } from './reply.ts'
import type { Reply } from './reply.ts'
import { readUpload } from './upload.ts'

export interface UploadDesk {
  readonly files: Files
  readonly fileBytesMax: number
  readonly announce: Notifier
}

export function createFileUpload({ files, fileBytesMax, announce }: UploadDesk): (caller: Caller, request: IncomingMessage) => Promise<Reply> {
  return async (caller, request) => {
    const read = await readUpload(request, fileBytesMax)
    if (!read.ok) return read.refusal
    const { name, declaredType, bytes } = read.value
    if (bytes.length === 0) return refuseField('invalidField', 'file', 'must not be empty')
    const sniffed = await sniffFormat(bytes, declaredType)
    if (!sniffed.ok) return refuse('invalidFileFormat', { resource: 'file', field: 'file', issue: sniffed.issue })
    const file = files.add(caller.account, { name, format: sniffed.format, bytes })
    if (file === undefined) return refuse('invalidRequest', { issue: `there are ${FILES_MAX} files already, and no more are allowed: delete one first` })
    announce(caller, 'file.uploaded', toFileView(file))
    return created(toFileView(file))
  }
}
