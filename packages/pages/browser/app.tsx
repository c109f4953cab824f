import { lazy, LocationProvider, Route, Router, useLocation } from 'preact-iso'
import type { ComponentChildren } from 'preact'
import { HomePage } from './home/home-page.tsx'
import { SignInPage } from './home/sign-in-page.tsx'
import { SessionProvider, useSession } from './session/session-context.tsx'
import { Nothing } from './ui/card.tsx'

// What draws is loaded with the pages that have something to draw.
const PortfolioPage = lazy(() =>
  import('./portfolio/portfolio-page.tsx').then((page) => page.PortfolioPage),
)
const ProgressPage = lazy(() =>
  import('./progress/progress-page.tsx').then((page) => page.ProgressPage),
)
const OpsPage = lazy(() => import('./ops/ops-page.tsx').then((page) => page.OpsPage))

/** The whole page. Who is not signed in is asked to at whatever address, and is there afterwards. */
export function App() {
  return (
    <LocationProvider scope={/^\/(?:$|portfolio\/|ops$)/}>
      <SessionProvider>
        <Frame>
          <Pages />
        </Frame>
      </SessionProvider>
    </LocationProvider>
  )
}

function Pages() {
  const { user } = useSession()
  if (user === null) return <SignInPage />
  return (
    <Router>
      <Route path="/" component={HomePage} />
      <Route path="/portfolio/:id" component={PortfolioPage} />
      <Route path="/portfolio/:id/progress" component={ProgressPage} />
      <Route path="/ops" component={OpsPage} />
      <Route default component={NowhereRoute} />
    </Router>
  )
}

function NowhereRoute() {
  return (
    <Nothing>
      There is nothing at this address. <a href="/">Your portfolios</a> are here.
    </Nothing>
  )
}

function Frame({ children }: { readonly children: ComponentChildren }) {
  const { user, signOut } = useSession()
  const { path } = useLocation()
  const here = (address: string) => (path === address ? 'page' : undefined)
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="bar">
        <a class="brand" href="/">
          <span aria-hidden="true">Σ</span> SigmaSight
        </a>
        {user !== null && (
          <nav aria-label="Main">
            <a href="/" aria-current={here('/')}>
              Portfolios
            </a>
            {user.is_admin && (
              <a href="/ops" aria-current={here('/ops')}>
                Operations
              </a>
            )}
            <span class="who" title={user.email}>
              {user.full_name}
            </span>
            <button type="button" class="small" onClick={signOut}>
              Sign out
            </button>
          </nav>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}
