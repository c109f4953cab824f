import { formatTable } from '@sigmasight/core/cli'
import type { CheckReport } from '@sigmasight/core/checks'

/** Offending rows shown of each check. */
const SHOWN_BREACHES = 20

/** One line per check with its counts, then the first offending rows of each. */
export function renderReports(reports: readonly CheckReport[]): string {
  const summary = formatTable(
    reports.map(({ check, checked, breaches }) => ({ check, checked, breaches: breaches.length })),
  )
  const broken = reports.filter(({ breaches }) => breaches.length > 0)
  return [summary, ...broken.map(renderBreaches)].join('\n')
}

export function isClean(reports: readonly CheckReport[]): boolean {
  return reports.every(({ breaches }) => breaches.length === 0)
}

function renderBreaches({ check, breaches }: CheckReport): string {
  const shown = breaches.slice(0, SHOWN_BREACHES)
  const more = breaches.length - shown.length
  const rows = shown.map(({ portfolio, date, what, expected, actual }) => {
    return { [check]: portfolio, date, what, expected, actual }
  })
  return `${formatTable(rows)}${more > 0 ? `and ${more} more\n` : ''}`
}
