import { useRoute } from 'preact-iso'
import type { Analytic, OnboardingStatus, Overview, Portfolio } from '../api/contracts.ts'
import { useApi, type Query } from '../api/use-api.ts'
import { accountTypeName } from '../format/words.ts'
import { Answered } from '../ui/card.tsx'
import { DownloadButton } from '../ui/download-button.tsx'
import { ProblemNotice } from '../ui/notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import { CorrelationCard } from './correlation-card.tsx'
import { EquityCard } from './equity-card.tsx'
import { ExposureCard } from './exposure-card.tsx'
import { FreshnessLine } from './freshness-line.tsx'
import { KeyFigures } from './key-figures.tsx'
import { NotValued } from './not-valued.tsx'
import { PositionsCard } from './positions-card.tsx'
import { SectorCard } from './sector-card.tsx'
import { StateNotices } from './state-notices.tsx'
import { StressCard } from './stress-card.tsx'

/** While something is on its way, so often is looked whether it has come; and while something is missing. */
const POLL_MS = { onItsWay: 2_500, missing: 5_000 }

export function PortfolioPage() {
  const { id = '' } = useRoute().params
  return <PortfolioById key={id} id={id} />
}

function PortfolioById({ id }: { readonly id: string }) {
  const status = useApi<OnboardingStatus>(`/onboarding/status/${id}`, {
    every: (data) => (isOnItsWay(data) ? POLL_MS.onItsWay : null),
  })
  const overview = useApi<Analytic<Overview>>(`/analytics/portfolio/${id}/overview`, {
    every: (data) => {
      if (isOnItsWay(status.data)) return POLL_MS.onItsWay
      return data?.data?.is_partial === true ? POLL_MS.missing : null
    },
  })
  const version = versionOf(overview.data)
  const portfolio = useApi<Portfolio>(`/portfolios/${id}`, {
    version,
    every: (data) => (data?.recompute.status === 'running' ? POLL_MS.onItsWay : null),
  })
  useTitle(portfolio.data?.name ?? 'Portfolio')
  if (portfolio.data === null && portfolio.problem !== null) return <Unreadable query={portfolio} />
  return (
    <div class="page">
      <Head id={id} portfolio={portfolio.data} overview={overview.data} />
      <StateNotices portfolio={portfolio.data} overview={overview.data} status={status.data} />
      <Figures id={id} overview={overview} status={status} />
      <div class="grid">
        <EquityCard id={id} version={version} />
        <ExposureCard id={id} version={version} />
        <StressCard id={id} version={version} />
        <CorrelationCard id={id} version={version} />
        <SectorCard overview={overview} />
      </div>
      <PositionsCard id={id} version={version} status={status.data} />
    </div>
  )
}

function Unreadable({ query: { problem, reload } }: { readonly query: Query<Portfolio> }) {
  if (problem === null) return null
  const isUnknown = problem.status === 404 || problem.status === 400
  const title = isUnknown ? 'There is no such portfolio' : 'The portfolio cannot be shown'
  return (
    <div class="page">
      <h1>Portfolio</h1>
      <ProblemNotice title={title} problem={problem} onRetry={isUnknown ? undefined : reload} />
      <p>
        <a href="/">Your portfolios</a>
      </p>
    </div>
  )
}

function Head({
  id,
  portfolio,
  overview,
}: {
  readonly id: string
  readonly portfolio: Portfolio | null
  readonly overview: Analytic<Overview> | null
}) {
  return (
    <header class="portfolio-head">
      <div>
        <h1>{portfolio?.name ?? 'Portfolio'}</h1>
        <p class="fine">
          {portfolio === null
            ? '…'
            : `${portfolio.account_name} · ${accountTypeName(portfolio.account_type)}`}
        </p>
        <FreshnessLine overview={overview} />
      </div>
      <div class="buttons">
        <DownloadButton path={`/portfolios/${id}/positions/export`}>
          Export positions
        </DownloadButton>
        <DownloadButton path={`/portfolios/${id}/snapshots/export`}>Export history</DownloadButton>
      </div>
    </header>
  )
}

function Figures({
  id,
  overview,
  status,
}: {
  readonly id: string
  readonly overview: Query<Analytic<Overview>>
  readonly status: Query<OnboardingStatus>
}) {
  return (
    <Answered query={overview} what="The key figures" lines={7}>
      {({ data, reason }) =>
        data === null ? (
          <NotValued id={id} reason={reason} status={status} />
        ) : (
          <KeyFigures overview={data} />
        )
      }
    </Answered>
  )
}

function isOnItsWay(status: OnboardingStatus | null): boolean {
  return status !== null && (status.status === 'running' || status.pending_symbols.length > 0)
}

/** Moves when what is stored of the portfolio has changed, and not because time has passed. */
function versionOf(overview: Analytic<Overview> | null): string | null {
  if (overview === null || overview.data === null) return null
  return JSON.stringify({ ...overview, data: { ...overview.data, freshness: null } })
}
