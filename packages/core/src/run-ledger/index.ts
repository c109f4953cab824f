export { judgeSession, type JudgedSession } from './judge-session.ts'
export type { JudgedPortfolio, JudgedSymbol } from './judge-quality.ts'
export { loadQuality, type Quality } from './load-quality.ts'
export { runLog, type RunLogEntry } from './run-log.ts'
export { viewRun, viewUnrecorded, type RunRow, type RunView } from './run-view.ts'
export { selectFailures, selectFailuresOfRun, type FailedItem } from './store/select-failures.ts'
export {
  selectHistorySummary,
  selectOnboardingSummary,
  type RunCounts,
  type TypeSummary,
} from './store/select-history-summary.ts'
export { selectJobCounts, type JobCount } from './store/select-job-counts.ts'
export { selectNewestDates, type NewestDates } from './store/select-newest-dates.ts'
export { selectRunRecord, type RunRecord } from './store/select-run-record.ts'
export { selectLatestOfTypes, selectRun, selectRuns, selectUnderWay } from './store/select-runs.ts'
export { selectSessionAnalytics } from './store/select-session-analytics.ts'
