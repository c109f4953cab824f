import { Writable } from 'node:stream'
import type { Logger } from '../logging/index.ts'
import { percentOf, progressLine, type PhaseProgress } from './progress-line.ts'

/** Shows how far the phases of a run are, one after the other. A batch takes it as an observer. */
export interface Progress extends Disposable {
  /** Begins a phase of a date; the one before it, if still under way, is ended. */
  phaseStarted(date: string, phase: string): void
  /** `total` 0 = not known yet. */
  phaseProgress(done: number, total: number): void
  /** Leaves the phase's last state to be read. */
  phaseEnded(): void
}

export interface ProgressOptions {
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  /** false = nothing on the stream (`--quiet`). */
  readonly enabled: boolean
  /** Where progress goes when the stream is no terminal. */
  readonly log: Logger
  /** A clock that only runs forward, in milliseconds; not the one that a drill may stop. */
  readonly monotonicMs?: () => number
}

const LOG_EVERY_MS = 5_000

/** A line per phase on a terminal; elsewhere a log line `progress` at most every five seconds. */
export async function createProgress(options: ProgressOptions): Promise<Progress> {
  const { stream, enabled, log, monotonicMs = () => performance.now() } = options
  if (!enabled || stream.isTTY !== true) return loggedProgress(log, monotonicMs)
  return terminalProgress(stream, monotonicMs)
}

async function terminalProgress(
  stream: ProgressOptions['stream'],
  monotonicMs: () => number,
): Promise<Progress> {
  const { default: cliProgress } = await import('cli-progress')
  let state: Omit<PhaseProgress, 'elapsedMs'> = { title: '', done: 0, total: 0 }
  let startedAt = 0
  const bar = new cliProgress.SingleBar({
    stream: withoutCursorMemory(stream),
    format: () => progressLine({ ...state, elapsedMs: monotonicMs() - startedAt }),
    // Lines too long are cut to the width; a terminal left without wrapping would outlive a crash.
    linewrap: true,
    // A log line may have wiped the progress line, so it is drawn again even when it says the same.
    forceRedraw: true,
  })
  const stop = () => {
    bar.stop()
  }
  return {
    phaseStarted(date, phase) {
      stop()
      state = { title: `${date} ${phase}`, done: 0, total: 0 }
      startedAt = monotonicMs()
      bar.start(0, 0)
    },
    phaseProgress(done, total) {
      state = { ...state, done, total }
      bar.setTotal(total)
      bar.update(done)
    },
    phaseEnded: stop,
    [Symbol.dispose]: stop,
  }
}

const SAVE_CURSOR = '\u001B7'
const RESTORE_CURSOR = '\u001B8'

/**
 * The stream without the bar's going back to where it began: when log lines came in between, that
 * place lies above the bar, and what follows would overwrite them.
 */
function withoutCursorMemory(stream: ProgressOptions['stream']): NodeJS.WritableStream {
  const steady = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      if (text !== SAVE_CURSOR && text !== RESTORE_CURSOR) stream.write(text)
      done()
    },
  })
  return Object.defineProperties(steady, {
    isTTY: { value: true },
    columns: { get: () => stream.columns },
  })
}

function loggedProgress(log: Logger, monotonicMs: () => number): Progress {
  let current = { batch_date: '', phase: '' }
  let loggedAt = 0
  return {
    phaseStarted(date, phase) {
      current = { batch_date: date, phase }
      loggedAt = monotonicMs()
    },
    phaseProgress(done, total) {
      const now = monotonicMs()
      if (now - loggedAt < LOG_EVERY_MS) return
      loggedAt = now
      log.info({ ...current, done, total, percent: percentOf(done, total) }, 'progress')
    },
    phaseEnded: () => undefined,
    [Symbol.dispose]: () => undefined,
  }
}
