export type AlertSeverity = 'warning' | 'critical'

/** Something that an operator should hear of. */
export interface Alert {
  /** What it is about: alerts of one key are the same one, told again every six hours at most. */
  readonly key: string
  readonly severity: AlertSeverity
  /** A few words; also what the recovery notice says. */
  readonly title: string
  readonly text: string
  readonly facts: Readonly<Record<string, string | number | null>>
}

/** What was found wrong, and the keys of what was looked at and is fine. A key that could not be judged is in neither. */
export interface Verdict {
  readonly alerts: readonly Alert[]
  readonly fine: readonly string[]
}
