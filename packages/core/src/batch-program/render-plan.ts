const LISTED = 40

/** `3: a b c`, shortened when there are many. */
export function renderList(values: readonly string[]): string {
  const shown = values.slice(0, LISTED).join(' ')
  const more = values.length > LISTED ? ` and ${values.length - LISTED} more` : ''
  return values.length === 0 ? '0' : `${values.length}: ${shown}${more}`
}

/** The phases of a plan in one line, critical ones marked. */
export function renderPhases(
  phases: readonly { readonly name: string; readonly critical: boolean }[],
): string {
  const names = phases.map(({ name, critical }) => (critical ? `${name}*` : name))
  return `${names.join(', ')}  (* critical)`
}
