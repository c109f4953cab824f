import { formatDuration } from './format-duration.ts'

/** How far a phase is. */
export interface PhaseProgress {
  /** What the line is about: `2025-07-01 factors`. */
  readonly title: string
  readonly done: number
  /** 0 = not known yet. */
  readonly total: number
  readonly elapsedMs: number
}

const BAR_WIDTH = 20
const TITLE_WIDTH = 26

/**
 * One line about a phase: bar, count, percent, rate, and the time that is left at that rate.
 *
 * @example
 * progressLine({ title: '2025-07-01 factors', done: 250, total: 1000, elapsedMs: 5000 })
 * // 2025-07-01 factors         [#####---------------]   250/1000  25%  50/s  ETA 15.0 s
 */
export function progressLine({ title, done, total, elapsedMs }: PhaseProgress): string {
  const name = title.padEnd(TITLE_WIDTH)
  if (total === 0) return `${name} ...`
  const share = Math.min(1, done / total)
  const filled = Math.floor(share * BAR_WIDTH)
  const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled)
  const count = String(done).padStart(String(total).length)
  return `${name} [${bar}]  ${count}/${total}  ${percentOf(done, total)}%  ${timing()}`

  function timing(): string {
    if (done === 0 || elapsedMs === 0) return 'ETA ?'
    const perMs = done / elapsedMs
    const rate = `${formatRate(perMs * 1000)}/s`
    if (done >= total) return `${rate}  in ${formatDuration(elapsedMs)}`
    return `${rate}  ETA ${formatDuration((total - done) / perMs)}`
  }
}

/** Whole percent, rounded down: 100 means all. */
export function percentOf(done: number, total: number): number {
  return total === 0 ? 0 : Math.floor((100 * Math.min(done, total)) / total)
}

function formatRate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond))
}
