/** How good something is: a mark, a word and a colour, of which the first two are enough. */
export type BadgeTone = 'good' | 'warning' | 'critical' | 'busy' | 'quiet'

const MARKS: Readonly<Record<BadgeTone, string>> = {
  good: '●',
  warning: '▲',
  critical: '✕',
  busy: '◌',
  quiet: '–',
}

export function Badge({ tone, children }: { readonly tone: BadgeTone; readonly children: string }) {
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{MARKS[tone]}</span> {children}
    </span>
  )
}
