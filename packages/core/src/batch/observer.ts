import type { SessionDate } from '../calendar/iso-date.ts'
import type { PhaseResult } from './result.ts'

/** Watches a run from outside: the terminal's progress line, the heartbeat row, a test. */
export interface RunObserver {
  phaseStarted(date: SessionDate, phase: string): void
  phaseProgress(done: number, total: number): void
  phaseEnded(date: SessionDate, phase: string, result: PhaseResult): void
}

/** Passes every event on to several observers. */
export function observeAll(observers: readonly RunObserver[]): RunObserver {
  return {
    phaseStarted: (date, phase) => {
      for (const observer of observers) observer.phaseStarted(date, phase)
    },
    phaseProgress: (done, total) => {
      for (const observer of observers) observer.phaseProgress(done, total)
    },
    phaseEnded: (date, phase, result) => {
      for (const observer of observers) observer.phaseEnded(date, phase, result)
    },
  }
}
