/** Told of each statement or command that an engine has answered, or has not. */
export type TripHeard = (trip: { readonly durationMs: number; readonly failed: boolean }) => void

export async function heardOf<T>(answer: Promise<T>, heard: TripHeard): Promise<T> {
  const beganMs = performance.now()
  try {
    const result = await answer
    heard({ durationMs: performance.now() - beganMs, failed: false })
    return result
  } catch (error) {
    heard({ durationMs: performance.now() - beganMs, failed: true })
    throw error
  }
}
