import type { IsoDate } from '../calendar/iso-date.ts'
import { parsePositions } from './csv/parse-positions.ts'
import type { NewLot } from './csv/new-lot.ts'
import { OnboardingRefused } from './onboarding-refused.ts'
import { parsePortfolioForm, type NewPortfolio, type PortfolioForm } from './portfolio-form.ts'

/** What a user sends. */
export interface Upload {
  readonly userId: string
  readonly form: PortfolioForm
  /** Null when no file was sent. */
  readonly file: Uint8Array | null
}

/** An upload that can be taken. */
export interface ReadUpload {
  readonly userId: string
  readonly portfolio: NewPortfolio
  readonly lots: readonly NewLot[]
}

/**
 * Reads an upload whole before anything is created.
 *
 * @throws OnboardingRefused with everything that is wrong with the form, or else with the file
 */
export async function readUpload(
  { userId, form, file }: Upload,
  today: IsoDate,
): Promise<ReadUpload> {
  const parsed = parsePortfolioForm(form)
  const problems = [
    ...(parsed.ok ? [] : parsed.problems),
    ...(file === null
      ? [{ code: 'PORT_007' as const, field: 'csv_file', message: 'there is no file' }]
      : []),
  ]
  const [first] = problems
  if (first !== undefined || !parsed.ok || file === null) {
    const message = `The portfolio cannot be created: ${problems.map(({ field, message }) => `${field}: ${message}`).join('; ')}.`
    throw new OnboardingRefused(first?.code ?? 'PORT_007', message, { form: problems })
  }
  const positions = await parsePositions(file, today)
  if (positions.ok) return { userId, portfolio: parsed.portfolio, lots: positions.lots }
  const { problems: rows } = positions
  const message = `The file cannot be imported: ${rows.length === 1 ? 'it has a problem' : `it has ${rows.length} problems`}. Nothing was created.`
  throw new OnboardingRefused('PORT_008', message, { rows })
}
