/** A batch is refused as a whole, and answered as a list: the same error for each of its requests, each time with what it says again of that one. */
import type { WireError } from '../declare/wire.ts'
import type { Echo } from '../values/echo.ts'
import type { BodyWriter } from './write-template.ts'

/** `echoes`: one for each request that is answered. None: it is no batch, or nothing in it can be answered by itself. */
export function writeBatch(echoes: readonly Echo[], error: WireError, write: BodyWriter): string {
  return echoes.length === 0 ? write(error) : `[${echoes.map((echo) => write({ ...error, echo })).join(',')}]`
}
