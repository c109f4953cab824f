import { parseCents, type Cents } from '../pnl/index.ts'

/** What the form of an upload holds besides the file, as it was sent. */
export interface PortfolioForm {
  readonly portfolioName: string
  readonly accountName: string
  readonly accountType: string
  readonly equityBalance: string
  readonly description: string
}

/** What somebody wants to have as a portfolio. */
export interface NewPortfolio {
  readonly name: string
  readonly accountName: string
  readonly accountType: AccountType
  readonly equity: Cents
  readonly description: string | null
}

/** The codes are a contract. */
export type PortfolioCode = `PORT_${
  '001' | '002' | '003' | '004' | '005' | '006' | '007' | '008' | '009' | '010' | '011'}`

/** A field of the form that cannot be used. */
export interface FormProblem {
  readonly code: PortfolioCode
  /** As the form calls it. */
  readonly field: string
  readonly message: string
}

export const ACCOUNT_TYPES = [
  'taxable',
  'ira',
  'roth_ira',
  '401k',
  '403b',
  '529',
  'hsa',
  'trust',
  'other',
] as const
export type AccountType = (typeof ACCOUNT_TYPES)[number]

const NAME_LENGTH = 255
/** A trillion dollars, in cents. */
const EQUITY_LIMIT = 100_000_000_000_000n
const DECIMAL = /^[+-]?\d{1,30}(?:\.\d{1,2}0*)?$/

export type ParsedForm =
  | { readonly ok: true; readonly portfolio: NewPortfolio }
  | { readonly ok: false; readonly problems: readonly FormProblem[] }

/** Reads the form of an upload. Everything that is wrong with it is reported. */
export function parsePortfolioForm(form: PortfolioForm): ParsedForm {
  const problems: FormProblem[] = []
  const refuse = (code: PortfolioCode, field: string, message: string): null => {
    problems.push({ code, field, message })
    return null
  }
  const name = readName(form.portfolioName, (isMissing, message) =>
    refuse(isMissing ? 'PORT_002' : 'PORT_003', 'portfolio_name', message),
  )
  const accountName = readName(form.accountName, (isMissing, message) =>
    refuse(isMissing ? 'PORT_010' : 'PORT_011', 'account_name', message),
  )
  const given = form.accountType.trim().toLowerCase()
  const accountType =
    ACCOUNT_TYPES.find((known) => known === given) ??
    refuse('PORT_009', 'account_type', `not one of ${ACCOUNT_TYPES.join(', ')}`)
  const equity = readEquity(form.equityBalance, (code, message) =>
    refuse(code, 'equity_balance', message),
  )
  const description = form.description.trim()
  if (name === null || accountName === null || accountType === null || equity === null) {
    return { ok: false, problems }
  }
  return {
    ok: true,
    portfolio: {
      name,
      accountName,
      accountType,
      equity,
      description: description === '' ? null : description,
    },
  }
}

function readName(
  text: string,
  refuse: (isMissing: boolean, message: string) => null,
): string | null {
  const name = text.trim()
  if (name === '') return refuse(true, 'it is missing')
  return name.length <= NAME_LENGTH ? name : refuse(false, `more than ${NAME_LENGTH} characters`)
}

function readEquity(
  text: string,
  refuse: (code: PortfolioCode, message: string) => null,
): Cents | null {
  const given = text.trim()
  if (given === '') return refuse('PORT_004', 'it is missing')
  if (!DECIMAL.test(given)) {
    return refuse('PORT_004', 'not an amount in dollars with at most two decimals, as 250000.00')
  }
  const equity = parseCents(given)
  if (equity <= 0n) return refuse('PORT_005', 'it is not above 0')
  return equity <= EQUITY_LIMIT ? equity : refuse('PORT_006', 'it is above a trillion dollars')
}
