/** Whether a body can be sent again. What is a stream, or may be one, is gone after the first attempt; sent again it would arrive empty. */
export function isReplayable(body: unknown): boolean {
  if (body === undefined || body === null || typeof body !== 'object') return true
  if (ArrayBuffer.isView(body)) return true
  const tag = Object.prototype.toString.call(body)
  return /^\[object (?:ArrayBuffer|SharedArrayBuffer|Blob|File|FormData|URLSearchParams)\]$/.test(tag)
}
