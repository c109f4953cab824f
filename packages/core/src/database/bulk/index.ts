export type { CopyRow, CopyValue } from './copy-text.ts'
export { copyUpsert } from './copy-upsert.ts'
export { stageRows } from './stage-rows.ts'
export { upsertFromStage, type UpsertCounts } from './upsert-from-stage.ts'
