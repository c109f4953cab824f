import { useState } from 'preact/hooks'
import { useApi } from '../api/use-api.ts'
import { useSession } from '../session/session-context.tsx'
import { Notice } from '../ui/notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import { AlertsPanel } from './alerts-panel.tsx'
import { BatchPanel } from './batch-panel.tsx'
import { CachePanel } from './cache-panel.tsx'
import type { BatchStatus, Current, LastRun } from './contracts.ts'
import { FailuresCard } from './failures-card.tsx'
import { HistoryCard } from './history-card.tsx'
import { OnboardingPanel } from './onboarding-panel.tsx'
import { QualityCard } from './quality-card.tsx'
import { RunningCard } from './running-card.tsx'
import { SessionsCard } from './sessions-card.tsx'
import { StartCard } from './start-card.tsx'

/** A run is followed closely while there is one; one of another process is seen soon. */
const POLL_MS = { running: 1_000, idle: 3_000, panels: 15_000 }

export function OpsPage() {
  const { user } = useSession()
  useTitle('Operations')
  if (user?.is_admin !== true) {
    return (
      <div class="page">
        <h1>Operations</h1>
        <Notice tone="warning" title="This page is for administrators">
          <p>
            Your account is not one. <a href="/">Your portfolios</a> are here.
          </p>
        </Notice>
      </div>
    )
  }
  return <Operations />
}

function Operations() {
  // Counts runs that were set off here, so that what shows runs is read again.
  const [started, setStarted] = useState(0)
  const current = useApi<Current>('/admin/batch/run/current', {
    every: (data) => (data?.status === 'running' ? POLL_MS.running : POLL_MS.idle),
    version: String(started),
  })
  // A short run may begin and end between two looks at what runs now.
  const last = useApi<LastRun>('/admin/batch/last-run', { every: () => POLL_MS.idle })
  // A run that has begun or ended changes everything below.
  const version = `${runsIn(current.data)} ${endOf(last.data)}`
  const every = () => POLL_MS.panels
  const status = useApi<BatchStatus>('/admin/batch/status', { every, version })
  const onStarted = () => {
    setStarted((before) => before + 1)
  }
  return (
    <div class="page">
      <h1>Operations</h1>
      <RunningCard current={current} />
      <div class="grid">
        <BatchPanel status={status} />
        <AlertsPanel version={version} />
        <OnboardingPanel version={version} />
        <CachePanel version={version} />
        <StartCard status={status.data} onStarted={onStarted} />
        <SessionsCard version={version} />
        <HistoryCard version={version} />
        <FailuresCard version={version} />
        <QualityCard version={version} onStarted={onStarted} />
      </div>
    </div>
  )
}

function endOf(last: LastRun | null): string {
  const run = last?.run ?? null
  return run === null ? 'none' : `${run.batch_run_id} ${run.status}`
}

function runsIn(current: Current | null): string {
  if (current?.status !== 'running') return 'idle'
  return current.runs.map(({ batch_run_id: id }) => id).join()
}
