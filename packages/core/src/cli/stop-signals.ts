import { ExitCode } from './exit-code.ts'

const CODES = { SIGINT: ExitCode.interrupted, SIGTERM: ExitCode.terminated } as const
export type StopSignal = keyof typeof CODES

/** Why the abort signal of a program fired: the operator or the platform asked it to stop. */
export class StoppedBySignal extends Error {
  readonly kind = 'stopped_by_signal'
  readonly stopSignal: StopSignal

  constructor(stopSignal: StopSignal) {
    super(`stopped by ${stopSignal}`)
    this.stopSignal = stopSignal
  }
}

/** Whether SIGINT or SIGTERM came, and what follows from it. */
export interface StopWatch extends Disposable {
  /** Aborts at the first stop signal; its reason is a `StoppedBySignal`. */
  readonly signal: AbortSignal
  /** 130 or 143 once a stop signal came, else null. */
  exitCode(): number | null
}

/**
 * Listens for SIGINT and SIGTERM until disposed. The first one asks the program to stop after the
 * unit of work under way. Signals within the grace period after it are ignored, since one Ctrl-C
 * often arrives twice (from the terminal and from a package manager); the next one ends the program
 * at once.
 */
export function watchStopSignals(tell: (line: string) => void, graceMs: number): StopWatch {
  const controller = new AbortController()
  let stop: { readonly code: number; readonly at: number } | null = null
  const onSignal = (name: StopSignal) => {
    const code = CODES[name]
    const now = performance.now()
    if (stop === null) {
      stop = { code, at: now }
      const grace = `${graceMs / 1000} seconds`
      tell(
        `${name}: stopping after the current unit of work; more signals are ignored for ${grace}, then one ends it at once`,
      )
      controller.abort(new StoppedBySignal(name))
    } else if (now - stop.at >= graceMs) {
      tell(`${name} again: ending at once`)
      process.exit(code)
    }
  }
  const names = Object.keys(CODES) as StopSignal[]
  for (const name of names) process.on(name, onSignal)
  return {
    signal: controller.signal,
    exitCode: () => stop?.code ?? null,
    [Symbol.dispose]: () => {
      for (const name of names) process.off(name, onSignal)
    },
  }
}
