import { number } from '../format/numbers.ts'

/** How far something is, as a bar and in figures. */
export function ProgressBar({
  percent,
  label,
}: {
  readonly percent: number
  readonly label: string
}) {
  return (
    <div class="progress">
      <progress max={100} value={percent} aria-label={label} />
      <span class="figure">{number(percent, 1)} %</span>
    </div>
  )
}
