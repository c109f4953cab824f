export { ColumnFit, type RefusedValue } from './column-fit.ts'
export type { CompanyState } from './company-state.ts'
export { awaitsStatements, dueFundamentals } from './due-fundamentals.ts'
export { dueProfiles } from './due-profiles.ts'
export { emptyProfileRow, profileRow } from './profile-row.ts'
export { statementRows } from './statement-rows.ts'
export {
  updateCompanies,
  type AnsweredBatch,
  type CompanyReport,
  type StoredBatch,
} from './update-companies.ts'
export { describeUniverse } from './store/describe-universe.ts'
export { markFundamentalsFetched } from './store/mark-fundamentals-fetched.ts'
export { saveProfiles } from './store/save-profiles.ts'
export { saveStatements } from './store/save-statements.ts'
export { selectCompanyStates } from './store/select-company-states.ts'
export { selectHeldSymbols } from './store/select-held-symbols.ts'
