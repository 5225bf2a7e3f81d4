/** Where images are painted, in time. Each task ends completed or failed, whatever happens on the way. */
import { pause } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import { createDice } from './dice.ts'
import type { ImageState, ImageTask } from './image-task.ts'
import type { Library } from './library.ts'

/** A new task is looked at so long after it came. */
const PICK_UP_MS = 1_000
const PAINT_MS_PER_IMAGE = 2_000

/** Resolves when the state of the task is final; never rejects. `onError` learns why a task failed. */
export type Paint = (task: ImageTask) => Promise<void>

export function createPainter(clock: Clock, library: Library, onError: (error: unknown, where: string) => void): Paint {
  async function render({ id, request: { prompt, number } }: ImageTask): Promise<ImageState> {
    try {
      const { palette } = await library.themeFor(prompt, createDice(prompt))
      await pause(clock, number * PAINT_MS_PER_IMAGE)
      return { status: 'completed', palette }
    } catch (error) {
      onError(error, id)
      return { status: 'failed', error: 'the images could not be painted; they cost nothing' }
    }
  }

  return async (task) => {
    await pause(clock, PICK_UP_MS)
    task.state = { status: 'processing' }
    task.state = await render(task)
  }
}
