import type { WorkUnit } from '../work-unit.ts'

/** What the program says to a thread. */
export type ToThread =
  | { readonly say: 'do'; readonly unit: WorkUnit }
  /** Stop what is under way between two pieces of it. */
  | { readonly say: 'stop' }
  | { readonly say: 'end' }

type Level = 'debug' | 'info' | 'warn' | 'error'

/** What a thread says to the program. */
export type FromThread =
  | { readonly say: 'done'; readonly output: object }
  | { readonly say: 'failed'; readonly message: string }
  | {
      readonly say: 'log'
      readonly level: Level
      readonly fields: object
      readonly message: string
    }
