/**
 * Avatars and voices, from a folder: `public.json` is there for everybody, `accounts/ACCOUNT.json` is what an account brought along, and `assets/`
 * holds what an avatar is drawn from.
 *
 * An account's file that cannot be parsed makes its look-ups reject: that is a defect of ours, not an outcome, and the service lets it surface as
 * one. A damaged asset is an outcome: the video that needs it fails.
 */
import { readIfThere } from '@tollgate/example-parts/read-if-there'
import { parsePortrait } from './portrait.ts'
import type { Portrait } from './portrait.ts'

export interface Avatar {
  readonly avatar_id: number
  readonly name: string
  readonly aspect_ratio: 'portrait' | 'landscape' | 'square'
  readonly style: 'professional' | 'social'
  readonly gender: 'female' | 'male'
  readonly age: 'adult' | 'senior' | 'young_adult'
  /** Its file in `assets/`. */
  readonly asset: string
}

export interface Voice {
  readonly voice_id: string
  readonly name: string
  readonly language: string
  readonly gender: 'female' | 'male'
  readonly words_per_minute: number
}

export interface Shelf {
  readonly avatars: readonly Avatar[]
  readonly voices: readonly Voice[]
}

export interface Library {
  readonly open: () => Promise<Shelf>
  /** Empty for an account that brought nothing. */
  readonly ownedBy: (account: string) => Promise<Shelf>
  /** Undefined if the asset is damaged or lost. */
  readonly portrait: (avatar: Avatar) => Promise<Portrait | undefined>
}

const nothing: Shelf = { avatars: [], voices: [] }

/** `folder` ends in a slash. */
export function createLibrary(folder: URL): Library {
  async function shelf(name: string): Promise<Shelf> {
    const text = await readIfThere(new URL(name, folder))
    return text === undefined ? nothing : (JSON.parse(text) as Shelf)
  }
  const everybodys = shelf('public.json')
  // Whoever opens it first learns of a failure; until then it is nobody's unhandled rejection.
  everybodys.catch(() => {})

  return {
    open: () => everybodys,
    // The name becomes part of a path: anything but a plain identifier owns nothing.
    ownedBy: async (account) => (/^\w{1,64}$/.test(account) ? shelf(`accounts/${account}.json`) : nothing),
    async portrait({ asset }) {
      const text = await readIfThere(new URL(`assets/${asset}`, folder))
      return text === undefined ? undefined : parsePortrait(text)
    },
  }
}
