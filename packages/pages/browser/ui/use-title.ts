import { useEffect } from 'preact/hooks'

/** Names the tab, and with it the page for whoever hears it. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · SigmaSight`
  }, [title])
}
